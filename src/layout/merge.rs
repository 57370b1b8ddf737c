//! Level of detail: stretches too short to be seen alone are drawn as one.

use super::scene::Scale;

/// Consecutive stretches that are drawn together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    /// The first and the last stretch, as places in the list.
    pub first: usize,
    pub last: usize,
    /// Where it begins and ends, in pixels.
    pub left: f64,
    pub right: f64,
    /// The longest of them.
    pub longest: usize,
}

/// Stretches narrower than this are merged with their neighbours, in pixels.
const NARROW: f64 = 1.0;
/// A merged run is not made wider than this by another narrow stretch, so that its mixture stays local.
const WIDE: f64 = 3.0;

/// Groups the stretches from `range`; `ends` tells when each begins and ends.
pub(super) fn runs(
    range: std::ops::Range<usize>,
    scale: &Scale,
    ends: impl Fn(usize) -> (u64, u64),
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut longest = 0;
    for i in range {
        let (start, end) = ends(i);
        let (left, right) = (scale.x(start), scale.x(end));
        if right - left < NARROW
            && let Some(run) = runs.last_mut()
            && left - run.right < NARROW
            && run.right - run.left < WIDE
            && (run.first != run.last || run.right - run.left < NARROW)
        {
            (run.last, run.right) = (i, right);
            if end - start > longest {
                (run.longest, longest) = (i, end - start);
            }
        } else {
            longest = end - start;
            runs.push(Run {
                first: i,
                last: i,
                left,
                right,
                longest: i,
            });
        }
    }
    runs
}
