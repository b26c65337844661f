//! Games around purchases: stamps, wins, surprises, milestones, challenges, draws.

mod chance;
mod places;
mod stamps;
