//! A list whose items copies share until they change.

use std::ops::{Index, IndexMut};
use std::rc::Rc;

/// Items by number. Copying it copies no item; changing one copies it if it is shared.
#[derive(Clone)]
pub struct SharedList<T>(Vec<Rc<T>>);

impl<T> Default for SharedList<T> {
    fn default() -> SharedList<T> {
        SharedList(Vec::new())
    }
}

impl<T: Clone> SharedList<T> {
    pub fn push(&mut self, item: T) {
        self.0.push(Rc::new(item));
    }
    pub fn get(&self, at: usize) -> Option<&T> {
        self.0.get(at).map(|item| &**item)
    }
    pub fn len(&self) -> usize {
        self.0.len()
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.0.iter().map(|item| &**item)
    }
    /// Whether the item is the same in both lists, and not only equal.
    pub fn is_same(&self, other: &SharedList<T>, at: usize) -> bool {
        other
            .0
            .get(at)
            .is_some_and(|item| Rc::ptr_eq(item, &self.0[at]))
    }
}

impl<T> Index<usize> for SharedList<T> {
    type Output = T;
    #[inline]
    fn index(&self, at: usize) -> &T {
        &self.0[at]
    }
}

#[cold]
fn unshare<T: Clone>(item: &mut Rc<T>) {
    *item = Rc::new((**item).clone());
}

impl<T: Clone> IndexMut<usize> for SharedList<T> {
    #[inline]
    fn index_mut(&mut self, at: usize) -> &mut T {
        let item = &mut self.0[at];
        if Rc::get_mut(item).is_none() {
            unshare(item);
        }
        Rc::get_mut(item).expect("nobody else has it")
    }
}
