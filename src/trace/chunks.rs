//! A long list whose copies share what did not change, so that a key frame of a million tasks is cheap.

use std::sync::Arc;

const CHUNK: usize = 32;

/// A list of fixed length that is cheap to copy: copies share chunks until one of them writes to a chunk.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunks<T> {
    chunks: Vec<Arc<[T; CHUNK]>>,
    len: usize,
}

impl<T: Clone + Default> Chunks<T> {
    /// A list of `len` default values, which all share one chunk.
    pub fn new(len: usize) -> Chunks<T> {
        let empty = Arc::new(std::array::from_fn(|_| T::default()));
        Chunks {
            chunks: vec![empty; len.div_ceil(CHUNK)],
            len,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The one with this number.
    #[inline]
    pub fn get(&self, index: u32) -> Option<&T> {
        let index = index as usize;
        if index >= self.len {
            return None;
        }
        Some(&self.chunks[index / CHUNK][index % CHUNK])
    }

    /// The one with this number, to change it.
    #[inline]
    pub fn get_mut(&mut self, index: u32) -> Option<&mut T> {
        let index = index as usize;
        if index >= self.len {
            return None;
        }
        Some(&mut Arc::make_mut(&mut self.chunks[index / CHUNK])[index % CHUNK])
    }

    /// All of them with their numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.chunks
            .iter()
            .flat_map(|chunk| chunk.iter())
            .take(self.len)
            .enumerate()
            .map(|(i, item)| (i as u32, item))
    }
}
