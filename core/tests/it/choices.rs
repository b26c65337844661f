//! Rows of the choices of a programme: each offered answer with figures.

mod earning;
mod returning;
mod tiers;
mod waiting;
