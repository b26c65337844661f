//! Teams: whose colleague an employee is, and what a team has done towards its goals.
//!
//! A team is a member of its own, so that its score has one book and one order of events.
//! Nothing here knows a target or whether it is reached.

use super::MemberState;
use crate::values::{ActivityId, Key, MemberId, Overflow, Points};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of how many periods of one goal a team keeps its score: what comes to an older one changes
/// nothing. A state must not grow without end.
pub const TEAM_PERIODS_MAX: usize = 40;

/// The team of an employee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InTeam {
    pub team: MemberId,
    pub since: Date,
}

/// What a team did towards a goal in one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamScore {
    pub goal: Key,
    /// The first day of the period.
    pub from: Date,
    /// In the smallest unit of what is counted; zero is never stored.
    pub by: BTreeMap<MemberId, i64>,
    /// What was given for reaching the goal, while it counts as reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<TeamAward>,
}

/// What the members of a team got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamAward {
    /// The activity of the team that reached the goal.
    pub activity: ActivityId,
    pub points: Key,
    pub parts: Vec<TeamPart>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamPart {
    /// The position of the effect that sent it, among those of the activity.
    pub effect: u32,
    pub to: MemberId,
    pub amount: Points,
}

impl TeamScore {
    pub fn total(&self) -> Result<i64, Overflow> {
        let sum = |sum: i64, units: &i64| sum.checked_add(*units).ok_or(Overflow);
        self.by.values().try_fold(0, sum)
    }
}

impl MemberState {
    /// What a team did towards a goal in the period that began on `from`.
    #[must_use]
    pub fn team_score(&self, goal: &Key, from: Date) -> Option<&TeamScore> {
        self.team_scores.iter().find(|score| score.goal == *goal && score.from == from)
    }

    /// Whether the score of a period is kept no longer.
    #[must_use]
    pub fn forgot_score(&self, goal: &Key, from: Date) -> bool {
        let mut of_goal = self.team_scores.iter().filter(|score| score.goal == *goal);
        // They stand in the order of their periods.
        of_goal.clone().count() >= TEAM_PERIODS_MAX
            && of_goal.next().is_some_and(|oldest| from < oldest.from)
    }

    fn team_score_place(&mut self, goal: &Key, from: Date) -> usize {
        let place = |score: &TeamScore| (score.goal.clone(), score.from);
        match self.team_scores.binary_search_by_key(&(goal.clone(), from), place) {
            Ok(position) => position,
            Err(position) => {
                let (by, award) = (BTreeMap::new(), None);
                self.team_scores
                    .insert(position, TeamScore { goal: goal.clone(), from, by, award });
                position
            }
        }
    }

    /// Counts what a member did, and forgets the score of the oldest period beyond the most.
    pub(crate) fn count_for_goal(
        &mut self,
        (goal, from): (&Key, Date),
        member: MemberId,
        change: i64,
    ) -> Result<(), Overflow> {
        let position = self.team_score_place(goal, from);
        let by = &mut self.team_scores[position].by;
        let units = by.entry(member).or_default();
        *units = units.checked_add(change).ok_or(Overflow)?;
        if *units == 0 {
            by.remove(&member);
        }
        if self.team_scores.iter().filter(|score| score.goal == *goal).count() > TEAM_PERIODS_MAX
            && let Some(oldest) = self.team_scores.iter().position(|score| score.goal == *goal)
        {
            self.team_scores.remove(oldest);
        }
        Ok(())
    }

    /// Notes what was given for a goal, or that it is reached no longer.
    pub(crate) fn award_goal(&mut self, goal: &Key, from: Date, award: Option<TeamAward>) {
        if award.is_some() || self.team_score(goal, from).is_some() {
            let position = self.team_score_place(goal, from);
            self.team_scores[position].award = award;
        }
    }
}
