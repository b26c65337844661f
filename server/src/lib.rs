//! Everything of Symbolon that touches the world: store, pipeline, use cases, API, pages.

pub mod api;
pub mod app;
pub mod assets;
pub mod cli;
pub mod code_secret;
pub mod console;
pub mod demo_shop;
pub mod insight;
pub mod members_csv;
pub mod pages;
pub mod pipeline;
pub mod receipts_csv;
pub mod recorded;
pub mod store;
pub mod words;
pub mod world;
