//! The heap of timers, as CPython's heapq keeps it: equal deadlines come out in its order, not in that of their making.

use crate::machine::value::Value;

/// A deadline in the loop's seconds and its handle. Deadlines are sums of floats, as in CPython: two that are the same nanosecond may
/// differ, and then their order is that of the floats.
pub type Timer = (f64, Value);

/// heapq.heappush.
pub fn push(heap: &mut Vec<Timer>, timer: Timer) {
    heap.push(timer);
    let last = heap.len() - 1;
    sift_down(heap, 0, last);
}

/// heapq.heappop.
pub fn pop(heap: &mut Vec<Timer>) -> Option<Timer> {
    let last = heap.pop()?;
    if heap.is_empty() {
        return Some(last);
    }
    let first = std::mem::replace(&mut heap[0], last);
    sift_up(heap, 0);
    Some(first)
}

/// heapq.heapify.
pub fn heapify(heap: &mut [Timer]) {
    for at in (0..heap.len() / 2).rev() {
        sift_up(heap, at);
    }
}

fn sift_down(heap: &mut [Timer], start: usize, mut at: usize) {
    let item = heap[at];
    while at > start {
        let parent = (at - 1) / 2;
        if item.0 >= heap[parent].0 {
            break;
        }
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = item;
}

fn sift_up(heap: &mut [Timer], start: usize) {
    let end = heap.len();
    let item = heap[start];
    let mut at = start;
    let mut child = 2 * at + 1;
    while child < end {
        let right = child + 1;
        if right < end && heap[child].0 >= heap[right].0 {
            child = right;
        }
        heap[at] = heap[child];
        at = child;
        child = 2 * at + 1;
    }
    heap[at] = item;
    sift_down(heap, start, at);
}
