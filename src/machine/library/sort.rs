//! Sorting: `list.sort` and `sorted`.
//!
//! Below 64 items it compares what CPython 3.12 compares, in its order, since `__lt__` may be the program's;
//! above, runs are merged without CPython's galloping.

use super::super::native::{Group, Place, define};
use super::super::value::{Value, View};
use super::super::{Context, Outcome, types};
use super::list::items_of;
use crate::bytecode::Comparison;

pub const GROUP: Group = Group {
    place: Place::Builtins,
    natives: &[define("sorted", "iterable / | key= reverse=", sorted)],
};

/// A key and the item it stands for.
type Pair = (Value, Value);

fn sorted(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let items = cx.items(args[0])?;
    let list = cx.heap().list(items);
    match sort(cx, &[list, args[1], args[2]]) {
        Ok(_) => Ok(list),
        Err(e) => {
            cx.heap().release(list);
            Err(e)
        }
    }
}

/// `list.sort(*, key=None, reverse=False)`
pub fn sort(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (list, key) = (args[0], args[1]);
    let reverse = match args[2].given() {
        Some(reverse) => cx.truth(reverse)?,
        None => false,
    };
    // The list is empty while it is sorted, as in CPython, so that code of the program cannot disturb it.
    let items = items_of(cx, list).map(std::mem::take).unwrap_or_default();
    let (sorted, result) = sort_items(cx, items, key, reverse);
    let disturbing = items_of(cx, list)
        .map(|items| std::mem::replace(items, sorted))
        .unwrap_or_default();
    // What was put into it and taken out again left room behind.
    let disturbed = disturbing.capacity() > 0;
    cx.resized(disturbing.len(), 0);
    cx.heap().release_all(disturbing);
    result?;
    if disturbed {
        return cx.error(types::VALUE_ERROR, "list modified during sort");
    }
    Ok(Value::NONE)
}

/// The items in their new order; on an error in the old one.
fn sort_items(
    cx: &mut Context<'_>,
    items: Vec<Value>,
    key: Value,
    reverse: bool,
) -> (Vec<Value>, Outcome<()>) {
    let keyed = key.given().is_some_and(|key| !key.is_none());
    let mut pairs: Vec<Pair> = Vec::with_capacity(items.len());
    let mut result = Ok(());
    for item in &items {
        let of = if keyed {
            cx.call_now(key, &[*item])
        } else {
            Ok(*item)
        };
        match of {
            Ok(of) => pairs.push((of, *item)),
            Err(e) => {
                result = Err(e);
                break;
            }
        }
    }
    if result.is_ok() {
        // Reversed twice, equal items keep their order.
        if reverse {
            pairs.reverse();
        }
        result = sort_pairs(cx, &mut pairs);
        if reverse {
            pairs.reverse();
        }
    }
    if keyed {
        cx.heap().release_all(pairs.iter().map(|p| p.0));
    }
    let sorted = if result.is_ok() {
        pairs.iter().map(|p| p.1).collect()
    } else {
        items
    };
    (sorted, result)
}

/// Whether `a < b`.
#[inline]
fn less(cx: &mut Context<'_>, a: Value, b: Value) -> Outcome<bool> {
    match (a.view(), b.view()) {
        (View::Int(a), View::Int(b)) => Ok(a < b),
        (View::Float(a), View::Float(b)) => Ok(a < b),
        _ => cx.compares(Comparison::Less, a, b),
    }
}

fn sort_pairs(cx: &mut Context<'_>, pairs: &mut [Pair]) -> Outcome<()> {
    let length = pairs.len();
    // CPython's minrun: the length shifted down to 32 to 63, plus one if any bit was lost.
    let (mut shortest, mut lost) = (length, 0);
    while shortest >= 64 {
        lost |= shortest & 1;
        shortest >>= 1;
    }
    shortest += lost;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    while start < length {
        let mut run = count_run(cx, &mut pairs[start..])?;
        if run < shortest {
            let forced = shortest.min(length - start);
            insert_rest(cx, &mut pairs[start..start + forced], run)?;
            run = forced;
        }
        runs.push((start, run));
        start += run;
        while let [.., (a, x), (_, y)] = runs[..]
            && (x <= y || runs.len() > 2 && runs[runs.len() - 3].1 <= x + y)
        {
            merge(cx, &mut pairs[a..a + x + y], x)?;
            runs.pop();
            let last = runs.len() - 1;
            runs[last] = (a, x + y);
        }
    }
    while let [.., (a, x), (_, y)] = runs[..] {
        merge(cx, &mut pairs[a..a + x + y], x)?;
        runs.pop();
        let last = runs.len() - 1;
        runs[last] = (a, x + y);
    }
    Ok(())
}

/// How long the first run is; a strictly falling one is turned round.
fn count_run(cx: &mut Context<'_>, pairs: &mut [Pair]) -> Outcome<usize> {
    if pairs.len() < 2 {
        return Ok(pairs.len());
    }
    let falling = less(cx, pairs[1].0, pairs[0].0)?;
    let mut run = 2;
    while run < pairs.len() && less(cx, pairs[run].0, pairs[run - 1].0)? == falling {
        run += 1;
    }
    if falling {
        pairs[..run].reverse();
    }
    Ok(run)
}

/// The first `sorted` are in order; puts the others in, each by binary search.
fn insert_rest(cx: &mut Context<'_>, pairs: &mut [Pair], sorted: usize) -> Outcome<()> {
    for at in sorted.max(1)..pairs.len() {
        let (mut low, mut high) = (0, at);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(cx, pairs[at].0, pairs[middle].0)? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        pairs[low..=at].rotate_right(1);
    }
    Ok(())
}

/// Merges two sorted parts; of equal items the left one stays left.
fn merge(cx: &mut Context<'_>, pairs: &mut [Pair], middle: usize) -> Outcome<()> {
    let left = pairs[..middle].to_vec();
    let (mut from_left, mut from_right) = (0, middle);
    for to in 0..pairs.len() {
        if from_left == left.len() {
            break;
        }
        if from_right < pairs.len() && less(cx, pairs[from_right].0, left[from_left].0)? {
            pairs[to] = pairs[from_right];
            from_right += 1;
        } else {
            pairs[to] = left[from_left];
            from_left += 1;
        }
    }
    Ok(())
}
