//! What the end of a programme costs, and afterwards whether all of it is settled. It only reads.

use super::App;
use crate::store::StoreError;
use crate::store::nouns::entries::{self, EntrySum};
use crate::store::nouns::{holds, instruments, members, tasks};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use symbolon_core::engine::has_remainder;
use symbolon_core::ledger::Account;
use symbolon_core::member::MemberState;
use symbolon_core::programme::{Ending, PointKind, Programme, Remainder};
use symbolon_core::values::{BUCKETS, MemberId, Points};

/// How many members are looked at together.
const AT_ONCE: u32 = 256;
/// How many members are listed whose remainder is not settled.
const LISTED_MAX: usize = 20;
/// The pace of spending is that of so many days.
const PACE_DAYS: i64 = 84;

/// How a programme ends, as things stand. Amounts are in smallest units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EndingReport {
    pub today: Date,
    pub announced: Option<Date>,
    pub last_earning_day: Date,
    pub last_spending_day: Date,
    /// The last spending day is over.
    pub is_over: bool,
    /// How many days there are to spend, today included.
    pub days_left: i64,
    pub members: u64,
    pub kinds: Vec<KindReport>,
    /// Once it is over: members who still have, or owe, points that end.
    pub unsettled_members: u64,
    /// The first of them.
    pub unsettled: Vec<MemberId>,
    pub open_holds: i64,
    pub open_tasks: i64,
    /// On gift certificates, whether they still count or not.
    pub certificates_left: i64,
}

/// One kind of points at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindReport {
    pub points: String,
    /// `expires`, `stays` or `converts`.
    pub remainder: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub converts_to: Option<String>,
    /// Members who have any.
    pub members: u64,
    pub available: i64,
    pub pending: i64,
    pub owed: i64,
    /// What members have is worth in money, where the kind says what a point is worth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worth: Option<i64>,
    /// Spent in the last twelve weeks.
    pub spent_lately: i64,
    /// Spent until the last day, if it goes on as in the last twelve weeks.
    pub foretold_spent: i64,
    /// What would become another kind today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversion: Option<ConversionReport>,
    pub audit: Audit,
}

/// What a kind would become, if the programme ended today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ConversionReport {
    pub members: u64,
    pub amount: i64,
    pub given: i64,
    /// Members who have too little, and what they have.
    pub too_few_members: u64,
    pub too_few: i64,
    /// What is given is worth in money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub costs: Option<i64>,
}

/// Where all points of a kind went, by the entries of the ledger, against what members have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// By rules and credit.
    pub granted: i64,
    /// Given by persons, less what they took.
    pub by_hand: i64,
    /// What others became, less what this kind became.
    pub converted_to: i64,
    /// By returns, without what was let go.
    pub taken_back: i64,
    pub spent: i64,
    pub expired: i64,
    pub converted: i64,
    /// On its way between members.
    pub on_the_way: i64,
    /// What members have less what they owe, by the entries.
    pub outstanding: i64,
    /// The same by the states of the members.
    pub outstanding_by_states: i64,
    /// What was given is what became of it, and both sums are the same.
    pub is_balanced: bool,
}

/// Reports on the ending of the latest version; nothing where it has none. `walked` is told how
/// many members were looked at.
pub fn ending_report(app: &App, walked: impl Fn(u64)) -> Result<Option<EndingReport>, StoreError> {
    super::release_holds(app)?;
    let programmes = app.programmes();
    let Some(version) = programmes.latest() else { return Ok(None) };
    let programme = &version.programme;
    let Some(ending) = &programme.ending else { return Ok(None) };
    let now = app.world.now();
    let mut report = begin(programme, ending, now);
    for bucket in 0..BUCKETS {
        let mut after = None;
        loop {
            let page = app.store.read(|reader| {
                members::members_after(reader, app.business, bucket, after, AT_ONCE)
            })?;
            let Some(last) = page.last() else { break };
            after = Some(last.member);
            for one in &page {
                look_at(&mut report, (programme, ending), now, one.member, &one.state.state);
            }
            walked(u64::try_from(page.len()).unwrap_or(0));
        }
    }
    let since = now.checked_sub(SignedDuration::from_hours(24 * PACE_DAYS)).unwrap_or(now);
    let (sums, lately) = app.store.read(|reader| {
        let sums = entries::entries_sum(reader, app.business)?;
        let lately = entries::entries_sum_since(reader, app.business, since)?;
        report.open_holds = holds::holds_count(reader, app.business)?;
        report.open_tasks = tasks::tasks_count(reader, app.business)?;
        report.certificates_left = instruments::instrument_value_left(reader, app.business)?;
        Ok::<_, StoreError>((sums, lately))
    })?;
    let days_left = report.days_left;
    for (kind, of) in report.kinds.iter_mut().zip(&programme.points) {
        audit(&mut kind.audit, &kind.points, &sums);
        let spent = |sums: &[EntrySum]| into(sums, &kind.points, Account::Redeemed);
        kind.spent_lately = spent(&lately).max(0);
        let had = kind.available.saturating_add(kind.pending);
        let pace = i128::from(kind.spent_lately) * i128::from(days_left) / i128::from(PACE_DAYS);
        kind.foretold_spent = i64::try_from(pace).unwrap_or(i64::MAX).min(had);
        kind.worth = worth(programme, of, had);
        let target = kind.converts_to.as_deref().and_then(|to| programme.find_points(to));
        if let (Some(conversion), Some((_, target))) = (&mut kind.conversion, target) {
            conversion.costs = worth(programme, target, conversion.given);
        }
    }
    Ok(Some(report))
}

fn begin(programme: &Programme, ending: &Ending, now: Timestamp) -> EndingReport {
    let today = programme.zone.day(now);
    let days = (ending.settled_on - today).get_days();
    let kinds = programme.points.iter().enumerate().map(|(position, kind)| {
        let remainder = ending.remainder_of(Some(position));
        let (word, to) = match remainder {
            Remainder::Expires => ("expires", None),
            Remainder::Stays => ("stays", None),
            Remainder::Converts(conversion) => ("converts", Some(conversion.to)),
        };
        let to = to.and_then(|to| programme.points.get(to));
        KindReport {
            points: kind.key.to_string(),
            remainder: word,
            converts_to: to.map(|kind| kind.key.to_string()),
            members: 0,
            available: 0,
            pending: 0,
            owed: 0,
            worth: None,
            spent_lately: 0,
            foretold_spent: 0,
            conversion: to.map(|_| ConversionReport::default()),
            audit: Audit::default(),
        }
    });
    EndingReport {
        today,
        announced: ending.announced,
        last_earning_day: ending.last_earning_day,
        last_spending_day: ending.last_spending_day,
        is_over: ending.ends_at <= now,
        days_left: i64::from(days).max(0),
        members: 0,
        kinds: kinds.collect(),
        unsettled_members: 0,
        unsettled: Vec::new(),
        open_holds: 0,
        open_tasks: 0,
        certificates_left: 0,
    }
}

/// Adds what one member has.
fn look_at(
    report: &mut EndingReport,
    (programme, ending): (&Programme, &Ending),
    now: Timestamp,
    member: MemberId,
    state: &MemberState,
) {
    report.members += 1;
    if report.is_over && has_remainder(programme, state) {
        report.unsettled_members += 1;
        if report.unsettled.len() < LISTED_MAX {
            report.unsettled.push(member);
        }
    }
    for (position, (kind, of)) in report.kinds.iter_mut().zip(&programme.points).enumerate() {
        let points = of.key.as_str();
        let lots = state.lots.iter().filter(|lot| lot.points.as_str() == points);
        let open = lots.map(|lot| lot.remaining.units()).fold(0_i64, i64::saturating_add);
        let by_state = open.saturating_sub(state.debt(points).units());
        let outstanding = &mut kind.audit.outstanding_by_states;
        *outstanding = outstanding.saturating_add(by_state);
        let Ok(balance) = state.balance(points, now, &programme.zone) else { continue };
        kind.available = kind.available.saturating_add(balance.available.units());
        kind.pending = kind.pending.saturating_add(balance.pending.units());
        kind.owed = kind.owed.saturating_add(balance.debt.units());
        let had = balance.available.units().saturating_add(balance.pending.units());
        if had == 0 {
            continue;
        }
        kind.members += 1;
        let (Remainder::Converts(conversion), Some(told)) =
            (ending.remainder_of(Some(position)), &mut kind.conversion)
        else {
            continue;
        };
        // What it has become already counts towards the whole.
        let ended = state.ended.get(points).copied().unwrap_or_default();
        let left = ended.left.plus(Points::new(had)).and_then(|left| left.minus(balance.debt));
        let given = left.and_then(|left| conversion.of(left)?.minus(ended.given));
        let Ok(given) = given.map(|given| given.units().max(0)) else { continue };
        if given == 0 {
            told.too_few_members += 1;
            told.too_few = told.too_few.saturating_add(had);
        } else {
            told.members += 1;
            told.amount = told.amount.saturating_add(had);
            told.given = told.given.saturating_add(given);
        }
    }
}

/// What so many points are worth, in the smallest unit of money, rounded down.
fn worth(programme: &Programme, kind: &PointKind, amount: i64) -> Option<i64> {
    let worth = i128::from(kind.worth?.units());
    let exponent = u32::from(programme.currency.exponent());
    let product = i128::from(amount).checked_mul(worth)?.checked_mul(10_i128.pow(exponent))?;
    i64::try_from(product / (1_000_000 * 10_i128.pow(u32::from(kind.decimals)))).ok()
}

/// What went into an account, less what came out of it.
fn into(sums: &[EntrySum], points: &str, account: Account) -> i64 {
    let of_kind = sums.iter().filter(|sum| sum.points == points);
    let change = |sum: &EntrySum| {
        i64::from(sum.to == account) * sum.amount - i64::from(sum.from == account) * sum.amount
    };
    of_kind.map(change).sum()
}

fn audit(audit: &mut Audit, points: &str, sums: &[EntrySum]) {
    let into = |account| into(sums, points, account);
    let sum_of = |holds: fn(&EntrySum) -> bool| -> i64 {
        let of_kind = sums.iter().filter(|sum| sum.points == points && holds(sum));
        of_kind.map(|sum| sum.amount).sum()
    };
    audit.granted = sum_of(|sum| sum.from == Account::Issued) - into(Account::Advanced);
    audit.by_hand = -into(Account::Adjusted);
    // What a return could not take back, and what was owed and is let go, was not taken back.
    let not_taken = into(Account::Forgiven) + into(Account::Withheld);
    audit.taken_back = sum_of(|sum| sum.to == Account::Issued) + not_taken;
    audit.spent = into(Account::Redeemed);
    audit.expired = into(Account::Expired);
    let converted = into(Account::Converted);
    (audit.converted, audit.converted_to) = (converted.max(0), (-converted).max(0));
    audit.on_the_way = into(Account::Moved);
    audit.outstanding = into(Account::Lots) + into(Account::Debt);
    let given = audit.granted + audit.by_hand + audit.converted_to;
    let gone = audit.taken_back + audit.spent + audit.expired + audit.converted;
    audit.is_balanced = given == gone + audit.on_the_way + audit.outstanding
        && audit.outstanding == audit.outstanding_by_states;
}

impl EndingReport {
    /// Whether the programme is over and nothing is left to settle.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_zero = |kind: &&KindReport| kind.remainder == "stays" || kind.audit.outstanding == 0;
        self.is_over
            && self.unsettled_members == 0
            && self.open_holds == 0
            && self.kinds.iter().all(|kind| kind.audit.is_balanced)
            && self.kinds.iter().filter(|kind| !is_zero(kind)).count() == 0
    }
}
