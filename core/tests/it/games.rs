//! Games around purchases: stamps, wins, surprises, milestones, challenges.
