//! The one integration test binary of the core.
mod condition;
mod stories;
