//! Lays a run out: a trace and a viewport become a [`Scene`], a closed list of few kinds of shape.
//!
//! ```text
//! Index::new(&Trace)                        once per trace: intervals per lane, rows, races, links
//! Viewport::fit(&Index, width)              what is looked at; zoom_at, pan, reveal, scroll
//! layout(&Index, &Trace, &Viewport) -> Scene    for each picture
//! scene.hit(&Index, &Trace, x, y) -> Hit    what is there, in words
//! index.table(&Trace)                       the same run as rows of text
//! ```
//!
//! It is pure arithmetic. It knows nothing of colours, canvases or the page; what it says of a run comes from the trace.

mod accesses;
mod axis;
mod deadlock;
mod fold;
mod hits;
mod index;
mod labels;
mod lanes;
mod legend;
mod links;
mod measure;
mod merge;
mod order;
mod phases;
mod races;
mod ribbons;
mod rows;
mod scene;
mod stage;
mod table;
#[cfg(test)]
mod tests;
mod units;
mod viewport;
mod words;

pub use hits::Hit;
pub use index::{Index, Phase, Span};
pub use legend::legend;
pub use measure::{shorten, text_width};
pub(crate) use order::within;
pub use scene::*;
pub use stage::layout;
pub use table::TableRow;
pub use viewport::{Density, Viewport};
