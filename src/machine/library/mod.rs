//! Natives of built-in types and builtins that need no frames: one file a group, one line in the list.

use super::native::Group;

/// All groups.
pub const GROUPS: &[&Group] = &[];
