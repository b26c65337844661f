//! The one integration test binary of the server.

mod api;
mod api_refusals;
mod api_retries;
mod browser;
mod chaos;
mod cli;
mod codes;
mod console;
mod coverage;
mod games;
mod history;
mod holds;
mod house;
mod pages;
mod people;
mod price_reasons;
mod reasons;
mod replay;
mod replay_data;
mod store;
mod store_schema;
mod store_values;
mod support;
mod throwaway;
mod verify;
mod words;
