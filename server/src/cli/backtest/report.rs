//! What a back-test found, for programs and for people. It computes nothing but differences.

use super::ReadPast;
use crate::insight::{
    BackTest, Comparison, Difference, Figures, Segment, Shown, Worths, decimal, rounded,
    segments_by_receipts, segments_by_spend,
};
use crate::words::{Language, reason_sentence, refusal_sentence};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use symbolon_core::engine::{Decision, Effect};
use symbolon_core::programme::{PointKind, Programme};
use symbolon_core::values::{Key, Money};

/// What the figures stand on, for whoever reads them.
const STATED: [&str; 4] = [
    "people are taken to buy the same under both programmes: what they would have done \
     otherwise, nobody knows",
    "rewards, codes and payments that were asked for are asked for under both; those refused \
     are counted, and the receipt is decided without them",
    "cost = what was given at the till (discounts, rewards, payments with points; less what came \
     back) + what points bought elsewhere + what is still owed in points, where their worth is known",
    "a receipt differs where the customer pays or gets something else, whichever rule gave it",
];

/// A figure and what it is called.
type Named<T> = (&'static str, fn(&Figures) -> T);

pub struct Report {
    pub names: [String; 2],
    pub programmes: [Arc<Programme>; 2],
    pub worths: Worths,
    pub past: ReadPast,
    pub test: BackTest,
    pub language: Language,
    pub differences: usize,
    pub segments: Vec<Segment>,
}

impl Report {
    /// Divides the members into segments.
    pub fn divide(&mut self) {
        let [first, second] = &self.programmes;
        let comparison = Comparison { programmes: [first, second], worths: &self.worths };
        self.segments = segments_by_spend(&mut self.test.rows, comparison);
        self.segments.extend(segments_by_receipts(&self.test.rows, comparison));
    }

    fn money(&self, units: i128) -> String {
        decimal(units, self.programmes[0].currency.exponent())
    }

    /// A part of a whole in per cent, with two decimals.
    fn share(part: i128, whole: i128) -> Option<String> {
        (whole > 0).then(|| decimal(rounded(part * 10_000, whole), 2))
    }

    pub fn json(&self) -> Value {
        let [first, second] = [0, 1].map(|side| self.side_json(side));
        json!({
            "currency": self.programmes[0].currency.code(),
            "receipts": self.past.history.receipts(),
            "members": self.past.history.members.iter().filter(|m| m.member.is_some()).count(),
            "from": self.past.history.span().map(|(first, _)| first),
            "until": self.past.history.span().map(|(_, last)| last),
            "lines_refused": self.past.refused,
            "lines_refused_first": self.past.examples,
            "threads": self.test.threads,
            "in_one_order": self.test.in_one_order,
            "programme": first,
            "against": second,
            "receipts_that_differ": self.test.receipts_that_differ,
            "differences": self.shown().map(|found| self.difference_json(found)).collect::<Vec<_>>(),
            "segments": self.segments.iter().map(|segment| self.segment_json(segment)).collect::<Vec<_>>(),
            "stated": self.stated(),
        })
    }

    /// What the figures stand on, with what this past lacks.
    fn stated(&self) -> Vec<String> {
        let mut stated = STATED.map(str::to_owned).to_vec();
        if self.test.in_one_order {
            stated.push(
                "members share limits, so all receipts were decided in one order on one thread"
                    .to_owned(),
            );
        }
        for (name, programme) in self.names.iter().zip(&self.programmes) {
            let of_nothing = |kind: &&PointKind| {
                kind.spendable && !self.worths.contains_key(&kind.key) && kind.worth.is_none()
            };
            for kind in programme.points.iter().filter(of_nothing) {
                let key = &kind.key;
                stated.push(format!(
                    "{name} does not say what {key} are worth, so its cost is without them: \
                     name it with --worth {key}=0.01"
                ));
            }
        }
        if self.test.sides.iter().all(|side| side.known_cost == 0) {
            stated.push("no line says what it cost the shop, so there is no margin".to_owned());
        }
        stated
    }

    fn side_json(&self, side: usize) -> Value {
        let (figures, programme) = (&self.test.sides[side], &self.programmes[side]);
        let cost = figures.cost(programme, &self.worths);
        let points: Map<String, Value> = programme
            .points
            .iter()
            .enumerate()
            .map(|(position, kind)| (kind.key.to_string(), self.kind_json(side, position, kind)))
            .collect();
        let margin = (figures.known_cost != 0).then(|| {
            json!({
                "sales": self.money(figures.known_listed),
                "paid": self.money(figures.known_paid),
                "cost_of_goods": self.money(figures.known_cost),
                "before_programme": self.money(figures.known_listed - figures.known_cost),
                "after_programme": self.money(figures.known_paid - figures.known_cost),
            })
        });
        let discounts: Map<String, Value> = figures
            .discounts
            .iter()
            .map(|(by, amount)| (by.to_string(), Value::String(self.money(*amount))))
            .collect();
        json!({
            "file": self.names[side],
            "receipts": figures.receipts,
            "returns": figures.returns,
            "others": figures.others,
            "members": figures.members,
            "refused": figures.refused,
            "redemptions": {
                "tried": figures.redemptions_tried,
                "refused": figures.redemptions_refused,
            },
            "sales": self.money(figures.sales()),
            "paid": self.money(figures.paid - figures.refunded),
            "paid_with_certificates": self.money(figures.certificates),
            "given_at_the_till": self.money(figures.given()),
            "discounts_before_returns": discounts,
            "points": points,
            "cost": self.money(cost),
            "cost_per_cent_of_sales": Self::share(cost, figures.sales()),
            "margin": margin,
            "tiers": self.tiers_json(side),
            "budgets_used_up": figures.used_up.iter().map(|(counter, day)| json!({
                "of": counter.of, "per": counter.per.name(), "scope": counter.scope,
                "unit": counter.unit, "period_from": counter.from, "used_up_on": day,
            })).collect::<Vec<_>>(),
        })
    }

    fn kind_json(&self, side: usize, position: usize, kind: &PointKind) -> Value {
        let programme = &self.programmes[side];
        let figures = &self.test.sides[side].points[position];
        let text = |units: i128| decimal(units, kind.decimals);
        let worth = |points: i128| {
            Figures::worth_of(programme, &self.worths, position, points).map(|m| self.money(m))
        };
        let flow = &figures.flow;
        json!({
            "issued": text(flow.earned),
            "adjusted": text(flow.adjusted),
            "spent": text(flow.spent),
            "given_back": text(flow.restored),
            "taken_back": text(flow.taken_back),
            "expired": text(flow.expired),
            "forgiven": text(flow.forgiven),
            "withheld": text(flow.withheld),
            "liability": text(figures.liability),
            "liability_in_money": worth(figures.liability),
            "owed_by_members": text(figures.debt),
            "spent_elsewhere": text(figures.spent_elsewhere),
        })
    }

    fn tiers_json(&self, side: usize) -> Value {
        let (figures, programme) = (&self.test.sides[side], &self.programmes[side]);
        let ladder = |(ladder, counts): (&symbolon_core::programme::Ladder, &Vec<u64>)| {
            let at_end: Map<String, Value> = ladder
                .tiers
                .iter()
                .zip(counts)
                .map(|(tier, count)| (tier.key.to_string(), Value::from(*count)))
                .collect();
            let moves: Vec<Value> = figures
                .moves
                .iter()
                .filter(|((of, _, _), _)| *of == ladder.key)
                .map(|((_, from, to), count)| json!({"from": from, "to": to, "times": count}))
                .collect();
            (ladder.key.to_string(), json!({"members_at_the_end": at_end, "moves": moves}))
        };
        programme.ladders.iter().zip(&figures.tiers).map(ladder).collect::<Map<_, _>>().into()
    }

    fn segment_json(&self, segment: &Segment) -> Value {
        let side = |side: usize| {
            let programme = &self.programmes[side];
            let earned: Map<String, Value> = programme
                .points
                .iter()
                .zip(&segment.sides[side].earned)
                .map(|(kind, earned)| {
                    (kind.key.to_string(), Value::String(decimal(*earned, kind.decimals)))
                })
                .collect();
            json!({
                "given_at_the_till": self.money(segment.sides[side].given),
                "earned": earned,
                "cost": self.money(self.segment_cost(segment, side)),
            })
        };
        json!({
            "segment": segment.name,
            "members": segment.members,
            "receipts": segment.receipts,
            "sales_before_returns": self.money(segment.spent),
            "programme": side(0),
            "against": side(1),
            "get_more": segment.more,
            "get_less": segment.less,
            "get_the_same": segment.same,
            "get_more_of_one_and_less_of_another": segment.mixed,
        })
    }

    fn segment_cost(&self, segment: &Segment, side: usize) -> i128 {
        let kept = segment.sides[side].kept.iter().enumerate();
        let valued = kept.filter_map(|(position, points)| {
            Figures::worth_of(&self.programmes[side], &self.worths, position, *points)
        });
        segment.sides[side].given + valued.sum::<i128>()
    }

    fn shown(&self) -> impl Iterator<Item = &Difference> {
        self.test.differences.iter().take(self.differences)
    }

    fn difference_json(&self, found: &Difference) -> Value {
        json!({
            "at": found.at,
            "receipt": found.label,
            "member": found.member,
            "programme": self.shown_json(0, found),
            "against": self.shown_json(1, found),
        })
    }

    fn shown_json(&self, side: usize, found: &Difference) -> Value {
        match &found.sides[side] {
            Shown::Decided { decision, .. } => json!({
                "paid": self.paid(decision),
                "earned": self.earned(side, decision),
                "reasons": self.sentences(side, found),
            }),
            Shown::Refused(refusal) => {
                json!({"refused": refusal.code(), "reasons": self.sentences(side, found)})
            }
        }
    }

    fn paid(&self, decision: &Decision) -> String {
        self.money(decision.net.iter().copied().map(Money::units).map(i128::from).sum())
    }

    /// What a decision earned, by kind.
    fn earned(&self, side: usize, decision: &Decision) -> Map<String, Value> {
        let mut sums: std::collections::BTreeMap<&Key, i128> = std::collections::BTreeMap::new();
        for effect in &decision.effects {
            if let Effect::Earn { points, amount, .. } = effect {
                *sums.entry(points).or_default() += i128::from(amount.units());
            }
        }
        let decimals = |key: &Key| {
            let kind = self.programmes[side].find_points(key.as_str());
            kind.map_or(0, |(_, kind)| kind.decimals)
        };
        let text = |(key, sum)| (Key::to_string(key), Value::String(decimal(sum, decimals(key))));
        sums.into_iter().map(text).collect()
    }

    fn sentences(&self, side: usize, found: &Difference) -> Vec<String> {
        let programme = &self.programmes[side];
        let refused = |refusal| refusal_sentence(self.language, Some(programme), refusal);
        match &found.sides[side] {
            Shown::Refused(refusal) => vec![refused(refusal)],
            Shown::Decided { decision, without } => {
                let reasons = decision.reasons.iter();
                let reasons = reasons.map(|r| reason_sentence(self.language, programme, r));
                without.iter().map(refused).chain(reasons).collect()
            }
        }
    }

    pub fn text(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let [first, second] = &self.test.sides;
        lines.push(format!(
            "{} receipts of {} members; A = {}, B = {}",
            self.past.history.receipts(),
            first.members,
            self.names[0],
            self.names[1]
        ));
        for (reason, count) in &self.past.refused {
            lines.push(format!("rows refused: {count} × {reason}"));
        }
        let mut row = |name: &str, first: String, second: String| {
            lines.push(format!("{name:<34}{first:>18}{second:>18}"));
        };
        row("", "A".to_owned(), "B".to_owned());
        let counts: [Named<u64>; 5] = [
            ("receipts", |f| f.receipts),
            ("returns and voids", |f| f.returns),
            ("refused", |f| f.refused.values().sum()),
            ("redemptions tried", |f| f.redemptions_tried),
            ("redemptions refused", |f| f.redemptions_refused),
        ];
        for (name, of) in counts {
            row(name, of(first).to_string(), of(second).to_string());
        }
        let sums: [Named<i128>; 3] = [
            ("sales at list prices", Figures::sales),
            ("paid in money", |f| f.paid - f.refunded),
            ("given at the till", Figures::given),
        ];
        for (name, of) in sums {
            row(name, self.money(of(first)), self.money(of(second)));
        }
        let costs = [0, 1].map(|s| self.test.sides[s].cost(&self.programmes[s], &self.worths));
        row("cost", self.money(costs[0]), self.money(costs[1]));
        let [share, other] =
            [0, 1].map(|s| Self::share(costs[s], self.test.sides[s].sales()).unwrap_or_default());
        row("cost, % of sales", share, other);
        if first.known_cost != 0 || second.known_cost != 0 {
            let margin = |f: &Figures| self.money(f.known_paid - f.known_cost);
            row("margin where cost is known", margin(first), margin(second));
        }
        self.text_points(&mut lines);
        self.text_tiers(&mut lines);
        self.text_segments(&mut lines);
        self.text_differences(&mut lines);
        lines.push("What these figures stand on:".to_owned());
        lines.extend(self.stated().into_iter().map(|stated| format!("  {stated}")));
        lines
    }

    fn text_points(&self, lines: &mut Vec<String>) {
        for (side, name) in ["A", "B"].into_iter().enumerate() {
            for (position, kind) in self.programmes[side].points.iter().enumerate() {
                let figures = &self.test.sides[side].points[position];
                let text = |units: i128| decimal(units, kind.decimals);
                let worth = Figures::worth_of(
                    &self.programmes[side],
                    &self.worths,
                    position,
                    figures.liability,
                );
                let worth = worth.map_or(String::new(), |m| format!(" = {}", self.money(m)));
                let flow = &figures.flow;
                lines.push(format!(
                    "{name} {}: issued {}, spent {}, taken back {}, expired {}, liability {}{worth}",
                    kind.key,
                    text(flow.earned),
                    text(flow.spent - flow.restored),
                    text(flow.taken_back),
                    text(flow.expired),
                    text(figures.liability),
                ));
            }
            for (counter, day) in &self.test.sides[side].used_up {
                lines.push(format!("{name} {} ({}) used up on {day}", counter.of, counter.unit));
            }
        }
    }

    fn text_tiers(&self, lines: &mut Vec<String>) {
        for (side, name) in ["A", "B"].into_iter().enumerate() {
            let figures = &self.test.sides[side];
            for (ladder, counts) in self.programmes[side].ladders.iter().zip(&figures.tiers) {
                let tiers = ladder.tiers.iter().zip(counts);
                let at_end: Vec<String> =
                    tiers.map(|(t, count)| format!("{} {count}", t.key)).collect();
                let moves: u64 = figures
                    .moves
                    .iter()
                    .filter(|((of, _, _), _)| *of == ladder.key)
                    .map(|(_, times)| times)
                    .sum();
                lines.push(format!(
                    "{name} {}: {} at the end, {moves} moves",
                    ladder.key,
                    at_end.join(", ")
                ));
            }
        }
    }

    fn text_segments(&self, lines: &mut Vec<String>) {
        lines.push(format!(
            "{:<22}{:>9}{:>14}{:>14}{:>14}{:>8}{:>8}{:>8}",
            "segment", "members", "sales", "cost A", "cost B", "more", "less", "same"
        ));
        for segment in &self.segments {
            lines.push(format!(
                "{:<22}{:>9}{:>14}{:>14}{:>14}{:>8}{:>8}{:>8}",
                segment.name,
                segment.members,
                self.money(segment.spent),
                self.money(self.segment_cost(segment, 0)),
                self.money(self.segment_cost(segment, 1)),
                segment.more,
                segment.less,
                segment.same,
            ));
            if segment.mixed > 0 {
                lines
                    .push(format!("  {} get more of one thing and less of another", segment.mixed));
            }
        }
    }

    fn text_differences(&self, lines: &mut Vec<String>) {
        let (all, shown) = (self.test.receipts_that_differ, self.shown().count() as u64);
        let only =
            if shown < all { format!(", of which the first {shown}:") } else { String::new() };
        lines.push(format!("{all} receipts differ{only}"));
        for found in self.shown() {
            let day = self.programmes[0].zone.day(found.at);
            let label = found.label.as_deref().unwrap_or("-");
            let member = found.member.as_deref().unwrap_or("guest");
            lines.push(format!("  {day} receipt {label} of {member}"));
            for (side, name) in ["A", "B"].into_iter().enumerate() {
                match &found.sides[side] {
                    Shown::Decided { decision, .. } => {
                        let earned = self.earned(side, decision);
                        let earned: Vec<String> = earned
                            .iter()
                            .map(|(key, sum)| format!("{} {key}", sum.as_str().unwrap_or_default()))
                            .collect();
                        lines.push(format!(
                            "    {name}: pays {}, earns {}",
                            self.paid(decision),
                            if earned.is_empty() {
                                "nothing".to_owned()
                            } else {
                                earned.join(", ")
                            }
                        ));
                    }
                    Shown::Refused(_) => lines.push(format!("    {name}: refused")),
                }
                let sentences = self.sentences(side, found);
                lines.extend(sentences.into_iter().map(|said| format!("       {said}")));
            }
        }
    }
}
