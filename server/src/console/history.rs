//! What happened to a member, line by line, with the reasons behind every line.

use super::{links, rows};
use crate::words::{self, Arg, Speaker, Tone, explain_reason, points_changes};
use minijinja::{Value, context};
use std::sync::Arc;
use symbolon_core::engine::{Activity, Decision, Recorded, Returned};
use symbolon_core::programme::Programme;
use symbolon_core::values::{ActivityId, Money};

/// An activity with the decision about it, and the version of the programme that made it.
#[derive(Debug, Clone)]
pub struct Happened {
    pub programme: Arc<Programme>,
    pub record: Recorded,
    /// The number of the receipt that this is, or that this takes something back from.
    pub receipt_number: Option<String>,
}

impl Happened {
    pub(super) fn values(&self, say: &Speaker<'_>) -> Value {
        let decision = &self.record.decision;
        let changes = points_changes(say, &decision.effects);
        context! {
            icon => self.icon(),
            title => self.title(say),
            href => self.receipt().map(links::receipt),
            money => self.money(say),
            at => say.words.moment_short(say.language, say.programme.zone.local(decision.at)),
            machine_time => decision.at.to_string(),
            id => self.record.id.to_string(),
            changes => rows::changes(say, &changes),
            reasons => reasons(say, decision),
            version => self.record.version,
            is_voided => self.record.progress.voided,
        }
    }

    const fn icon(&self) -> &'static str {
        match &self.record.activity {
            Activity::Joining { .. } | Activity::Import { .. } => "user-plus",
            Activity::Purchase(_) => "receipt",
            Activity::Hold { .. } => "hourglass-off",
            Activity::Return { .. } => "receipt-refund",
            Activity::Void { .. } => "arrow-back-up",
            Activity::Action { .. } => "bolt",
            Activity::Redemption { .. } => "gift",
            Activity::Adjustment { .. } => "adjustments",
            Activity::Settlement => "hourglass-off",
            Activity::TierSetting { .. } => "adjustments",
            Activity::Event { .. } => "circle-check",
            Activity::Gift { .. } | Activity::Recognition { .. } => "gift",
            Activity::ContactSet { .. }
            | Activity::ContactRemoved { .. }
            | Activity::TeamSetting { .. }
            | Activity::Enrolment { .. } => "user-plus",
            Activity::Rebate { .. } => "adjustments",
            Activity::Incoming(_) | Activity::Transfer { .. } => "gift",
            Activity::Attribution { .. } | Activity::Merge { .. } => "user-plus",
            Activity::Occasion { .. } => "bolt",
            Activity::BenefitUse { .. } => "gift",
            Activity::Fulfilment { .. } => "circle-check",
            Activity::MembershipPayment { .. } => "receipt",
            Activity::Advance { .. } | Activity::SetOff { .. } => "adjustments",
        }
    }

    fn title(&self, say: &Speaker<'_>) -> String {
        let number = || Arg::from(self.receipt_number.clone().unwrap_or_default());
        match &self.record.activity {
            Activity::Joining { .. } => say.text("happened-joining", &[]),
            Activity::Import { since, .. } => {
                say.text("happened-import", &[("since", say.date(*since).into())])
            }
            Activity::Purchase(_) => say.text("happened-receipt", &[("number", number())]),
            Activity::Hold { .. } => say.text("happened-hold", &[]),
            Activity::Return { .. } if self.receipt_number.is_some() => {
                say.text("happened-return-of", &[("number", number())])
            }
            Activity::Return { .. } => say.text("happened-return", &[]),
            Activity::Void { .. } if self.receipt_number.is_some() => {
                say.text("happened-void-of", &[("number", number())])
            }
            Activity::Void { .. } => say.text("happened-void", &[]),
            Activity::Action { action, .. } => say.action(action),
            Activity::Redemption { reward, .. } => {
                say.text("happened-redemption", &[("reward", say.reward(reward).into())])
            }
            Activity::Adjustment { amount, .. } if amount.is_positive() => {
                say.text("happened-given", &[])
            }
            Activity::Adjustment { .. } => say.text("happened-taken", &[]),
            Activity::Settlement => say.text("happened-expiry", &[]),
            Activity::TierSetting { .. } => say.text("happened-tier-set", &[]),
            Activity::Event { event, .. } => say.event(event),
            Activity::Incoming(_) => say.text("happened-incoming", &[]),
            Activity::Gift { .. }
            | Activity::Recognition { .. }
            | Activity::ContactSet { .. }
            | Activity::ContactRemoved { .. }
            | Activity::TeamSetting { .. }
            | Activity::Enrolment { .. }
            | Activity::Rebate { .. } => crate::words::happened(say, &self.record.activity),
            Activity::Attribution { .. } => say.text("happened-attribution", &[]),
            Activity::Transfer { .. } => say.text("happened-transfer", &[]),
            Activity::Merge { .. } => say.text("happened-merge", &[]),
            Activity::Occasion { occasion, .. } => words::occasion(say, occasion),
            Activity::BenefitUse { benefit, .. } => {
                say.text("happened-benefit-use", &[("benefit", say.benefit(benefit).into())])
            }
            Activity::Fulfilment { .. } => say.text("happened-fulfilment", &[]),
            Activity::MembershipPayment { membership } => {
                let name = words::membership(say, membership);
                say.text("happened-membership-payment", &[("membership", name.into())])
            }
            Activity::Advance { credit, .. } => {
                say.text("happened-advance", &[("credit", words::credit(say, credit).into())])
            }
            Activity::SetOff { credit, .. } => {
                say.text("happened-set-off", &[("credit", words::credit(say, credit).into())])
            }
        }
    }

    /// The receipt to look at from here.
    const fn receipt(&self) -> Option<ActivityId> {
        match &self.record.activity {
            Activity::Purchase(_) => Some(self.record.id),
            Activity::Return { returned: Returned::OfReceipt { receipt, .. } } => Some(*receipt),
            Activity::Void { of } if self.receipt_number.is_some() => Some(*of),
            Activity::Event { of, .. } => Some(*of),
            _ => None,
        }
    }

    /// What was paid, or what is to be refunded.
    fn money(&self, say: &Speaker<'_>) -> Option<String> {
        let decision = &self.record.decision;
        match &self.record.activity {
            Activity::Purchase(_) => {
                Money::sum(decision.net.iter().copied()).ok().map(|sum| say.money(sum))
            }
            Activity::Return { .. } | Activity::Void { .. } => {
                let sum = refund_of(decision)?;
                sum.negated().ok().filter(|sum| !sum.is_zero()).map(|sum| say.money(sum))
            }
            _ => None,
        }
    }
}

/// What a return gives back in money.
pub(super) fn refund_of(decision: &Decision) -> Option<Money> {
    decision.refund().ok().map(Option::unwrap_or_default)
}

/// The reasons of a decision in words: what was given first, what was not last.
pub(super) fn reasons(say: &Speaker<'_>, decision: &Decision) -> Vec<Value> {
    let mut all: Vec<_> =
        decision.reasons.iter().map(|reason| explain_reason(say, reason)).collect();
    all.sort_by_key(|explanation| explanation.tone == Tone::NotGiven);
    all.into_iter()
        .map(|explanation| {
            context! {
                tone => explanation.tone.name(),
                about => explanation.about,
                sentence => explanation.sentence,
            }
        })
        .collect()
}
