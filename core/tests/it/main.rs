//! The one integration test binary of the core.
mod cases;
mod condition;
mod stories;
mod support;
