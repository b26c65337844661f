//! The one integration test binary of the server.

mod reasons;
mod store;
mod store_schema;
mod store_values;
mod words;
