//! Conditions of rules.
