//! Everything that touches the world.

pub mod assets;
pub mod console;
pub mod store;
pub mod words;
