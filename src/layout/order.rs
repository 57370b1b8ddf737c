//! Sorting and bounding. Each instance of the library's sorts costs the page two kilobytes, so all of ours share one; and
//! its `clamp` for floats brings in all that prints them.

/// Puts the items in the order of their keys; those with the same key stay in theirs.
pub(super) fn sort_by_key<T: Clone>(items: &mut [T], key: impl Fn(&T) -> u64) {
    let mut order: Vec<(u64, u32)> = items.iter().map(key).zip(0..).collect();
    order.sort_unstable();
    let sorted: Vec<T> = order
        .iter()
        .map(|&(_, place)| items[place as usize].clone())
        .collect();
    items.clone_from_slice(&sorted);
}

/// The number, or the bound that it exceeds.
pub(crate) fn within(number: f64, least: f64, most: f64) -> f64 {
    number.max(least).min(most)
}
