//! Programmes that are right.
