//! The page.

pub mod worker_link;
