//! The one integration test binary of the server.

mod console;
mod reasons;
mod store;
mod store_schema;
mod store_values;
mod words;
