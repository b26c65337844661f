//! Random histories of a shop: the same seed gives the same one.

use jiff::SignedDuration;
use symbolon::app::{App, Moments, command_for, natural_key};
use symbolon::pipeline::{Answer, Command, Failure, Intent, Subject};
use symbolon::store::nouns::directories::{IdempotencyKey, Identifier};
use symbolon_core::engine::{Activity, Claim, Line, Purchase, Returned};
use symbolon_core::values::{ActivityId, Key, Money, Quantity};

const PRODUCTS: [&str; 5] = ["latte", "burrito", "mug", "coat", "catering"];
const PEOPLE: u32 = 7;

/// What a history did, command by command.
pub struct History {
    pub commands: Vec<Command>,
    pub booked: usize,
    pub refused: usize,
}

struct Teller<'a> {
    app: &'a App,
    chance: fastrand::Rng,
    rewards: Vec<Key>,
    actions: Vec<Key>,
    /// What may be returned or voided, with the number of its lines.
    known: Vec<(ActivityId, usize)>,
    number: u32,
}

/// Books `steps` random commands in batches of random sizes.
pub fn tell(app: &App, seed: u64, steps: usize) -> History {
    let programmes = app.programmes();
    let programme = &programmes.latest().expect("a programme").programme;
    let mut teller = Teller {
        app,
        chance: fastrand::Rng::with_seed(seed),
        rewards: programme.rewards.iter().map(|reward| reward.key.clone()).collect(),
        actions: programme.actions.iter().map(|action| action.key.clone()).collect(),
        known: Vec::new(),
        number: 0,
    };
    let mut history = History { commands: Vec::new(), booked: 0, refused: 0 };
    while history.commands.len() < steps {
        let batch: Vec<Command> =
            (0..teller.chance.usize(1..=12)).map(|_| teller.command(&history.commands)).collect();
        let answers = app.pipeline().run(&programmes, &batch).expect("a batch");
        for (command, answer) in batch.iter().zip(&answers) {
            teller.remember(command, answer);
            match answer {
                Ok(_) => history.booked += 1,
                Err(_) => history.refused += 1,
            }
        }
        history.commands.extend(batch);
        teller.wait();
    }
    history
}

impl Teller<'_> {
    /// Mostly minutes pass, sometimes days, now and then more than a year.
    fn wait(&mut self) {
        let minutes = match self.chance.u32(0..20) {
            0 => self.chance.i64(1..700) * 24 * 60,
            1..4 => self.chance.i64(1..60) * 60 * 24,
            _ => self.chance.i64(0..90),
        };
        let now = self.app.world.now();
        self.app.world.set_now(now + SignedDuration::from_mins(minutes));
    }

    fn command(&mut self, before: &[Command]) -> Command {
        // A retry, letter by letter, of what has a name to be known by.
        if !before.is_empty() && self.chance.u32(0..15) == 0 {
            let again = &before[self.chance.usize(0..before.len())];
            if again.idempotency.is_some() || again.intent.natural.is_some() {
                return again.clone();
            }
        }
        let (subject, activity) = match self.chance.u32(0..20) {
            0..9 => (self.somebody(), self.purchase()),
            9 => (Subject::Guest, self.purchase()),
            10..12 if !self.actions.is_empty() => {
                let action = self.actions[self.chance.usize(0..self.actions.len())].clone();
                (self.somebody(), Activity::Action { action, fields: Default::default() })
            }
            12..14 if !self.rewards.is_empty() => {
                let reward = self.rewards[self.chance.usize(0..self.rewards.len())].clone();
                (self.somebody(), Activity::Redemption { reward, contact: None })
            }
            14 => {
                let products =
                    vec![(self.product(), self.quantity()), (self.product(), Quantity::ONE)];
                let returned = Returned::WithoutReceipt { products };
                (self.somebody(), Activity::Return { returned })
            }
            15..18 if !self.known.is_empty() => {
                let (receipt, lines) = self.known[self.chance.usize(0..self.known.len())];
                let line = u32::try_from(self.chance.usize(0..lines.max(1))).unwrap_or(0);
                let lines = vec![(line, self.quantity())];
                let returned = Returned::OfReceipt { receipt, lines };
                (Subject::OwnerOf(receipt), Activity::Return { returned })
            }
            18 if !self.known.is_empty() => {
                let (of, _) = self.known[self.chance.usize(0..self.known.len())];
                (Subject::OwnerOf(of), Activity::Void { of })
            }
            19 => (self.somebody(), Activity::Settlement),
            _ => (Subject::Guest, self.purchase()),
        };
        self.number += 1;
        let number = self.number.to_string();
        let natural = matches!(activity, Activity::Purchase(_))
            .then(|| natural_key("receipt", ["", "", &number, ""]));
        let label = natural.as_ref().map(|_| number.clone());
        let key = IdempotencyKey { principal: "first".to_owned(), key: number };
        let key = self.chance.bool().then_some(key);
        let intent = Intent { activity, natural, label };
        let now = self.app.world.now();
        // Some are made offline and come late.
        let late = SignedDuration::from_hours(if self.chance.u32(0..10) == 0 { 30 } else { 0 });
        let moments = Moments { given: Some(now - late), recorded: now };
        let command = command_for(self.app, subject, intent, moments, key).expect("a command");
        Command { any_age: true, ..command }
    }

    fn somebody(&mut self) -> Subject {
        let value = format!("+1202555{:04}", self.chance.u32(0..PEOPLE));
        Subject::IdentifiedOrNew(Identifier { kind: "phone".to_owned(), value })
    }

    fn product(&mut self) -> String {
        PRODUCTS[self.chance.usize(0..PRODUCTS.len())].to_owned()
    }

    fn quantity(&mut self) -> Quantity {
        let pieces = [1_000, 1_000, 2_000, 3_000, 333, 1_500];
        Quantity::new(pieces[self.chance.usize(0..pieces.len())])
    }

    fn purchase(&mut self) -> Activity {
        let lines = (0..self.chance.usize(1..=4))
            .map(|_| Line {
                product: self.product(),
                category: None,
                brand: None,
                quantity: self.quantity(),
                unit_price: Money::new(match self.chance.u32(0..4) {
                    0 => self.chance.i64(0..100),
                    1 => self.chance.i64(10_000..900_000),
                    _ => self.chance.i64(100..5_000),
                }),
                ..Line::default()
            })
            .collect();
        let rewards = (!self.rewards.is_empty() && self.chance.u32(0..6) == 0)
            .then(|| self.rewards[self.chance.usize(0..self.rewards.len())].clone())
            .map(|reward| Claim { reward, line: None });
        let till = Some("1".to_owned());
        Activity::Purchase(Purchase {
            location: None,
            till,
            lines,
            rewards: rewards.into_iter().collect(),
            ..Purchase::default()
        })
    }

    fn remember(&mut self, command: &Command, answer: &Result<Answer, Failure>) {
        let Ok(answer) = answer else { return };
        let lines = match &command.intent.activity {
            Activity::Purchase(purchase) => purchase.lines.len(),
            Activity::Action { .. } | Activity::Redemption { .. } => 1,
            _ => return,
        };
        if !answer.replayed {
            self.known.push((answer.activity, lines));
        }
    }
}
