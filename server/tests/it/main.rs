//! The one integration test binary of the server.

mod api;
mod api_refusals;
mod api_retries;
mod browser;
mod cli;
mod codes;
mod companies;
mod console;
mod coverage;
mod history;
mod holds;
mod house;
mod pages;
mod price_reasons;
mod reasons;
mod replay;
mod replay_data;
mod store;
mod store_schema;
mod store_values;
mod support;
mod verify;
mod words;
