//! The calendar, tenure, benefits, memberships and credit.

mod benefits;
mod calendar;
mod credit;
mod memberships;
mod problems;
mod tenure;
