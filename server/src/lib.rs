//! Everything that touches the world.

pub mod store;
pub mod words;
