//! What a draw publishes, first its terms, then its tickets, then its seed and its winners, and
//! how anybody checks it with this file alone.

use super::lots::{Drum, Words};
use super::{Hash, PerHolder, hex};
use serde::{Deserialize, Serialize};

/// The file of a draw. What is not there yet is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// 1, the only format so far.
    pub format: u32,
    /// The id of the draw.
    pub draw: String,
    #[serde(default)]
    pub per_holder: PerHolder,
    /// In the order in which they are drawn.
    pub prizes: Vec<PublishedPrize>,
    /// Which public text is mixed in, where one is: it was not known to anybody at the opening.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entropy_source: String,
    /// The hash of the seed and the terms, published before the first ticket.
    pub commitment: String,
    /// In order of their holders; numbers follow from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Tickets>,
    /// The hash of the list, published when the draw closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tickets_digest: Option<String>,
    /// Shown when it is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The public text, where one was announced.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entropy: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub winners: Vec<Winner>,
}

/// Equal prizes of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedPrize {
    pub id: String,
    pub name: String,
    pub count: u32,
}

/// The tickets of one holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tickets {
    /// A word that says who it is to nobody but the holder.
    pub holder: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Winner {
    /// From 1 on, in the order of drawing.
    pub place: u32,
    pub prize: String,
    /// The number of the ticket, from 1 on.
    pub ticket: u64,
    pub holder: String,
}

/// What a check found to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// The terms are there, tickets are still given.
    Open,
    /// The tickets are fixed, the seed is not shown yet.
    Closed,
    /// The winners follow from the seed and the tickets.
    Drawn,
}

/// Why a publication does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    Format,
    /// A name that is empty or has white space in it would read as another one.
    Name,
    NoPrizes,
    /// Holders are not in order, or one stands there twice, or has no ticket.
    TicketOrder,
    TooManyTickets,
    /// The list is not the one whose digest was published.
    TicketsChanged,
    /// Seed or terms are not those that were committed to.
    SeedOrTermsChanged,
    /// The winners are not those that follow.
    WinnersDiffer,
    /// Parts are there that come later, without those that come before.
    OutOfOrder,
    /// The public text that was announced is missing, or one is there that was not announced.
    Entropy,
}

impl Problem {
    /// The stable name of the problem.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Name => "name",
            Self::NoPrizes => "no-prizes",
            Self::TicketOrder => "ticket-order",
            Self::TooManyTickets => "too-many-tickets",
            Self::TicketsChanged => "tickets-changed",
            Self::SeedOrTermsChanged => "seed-or-terms-changed",
            Self::WinnersDiffer => "winners-differ",
            Self::OutOfOrder => "out-of-order",
            Self::Entropy => "entropy",
        }
    }

    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Format => "this is not format 1 of a draw",
            Self::Name => "a name is empty or has white space in it",
            Self::NoPrizes => "there is no prize",
            Self::TicketOrder => {
                "holders are not in order, or one stands there twice, or has no ticket"
            }
            Self::TooManyTickets => "there are more tickets than numbers",
            Self::TicketsChanged => "the tickets are not those whose digest was published",
            Self::SeedOrTermsChanged => {
                "the seed, the prizes or the terms are not those that were committed to"
            }
            Self::WinnersDiffer => "the winners are not those that follow from seed and tickets",
            Self::OutOfOrder => "a draw is opened, then closed, then drawn",
            Self::Entropy => {
                "the public text is missing, or was not announced, or has a line break in it"
            }
        }
    }
}

/// Whether a text stands as one word in what is hashed.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

impl Publication {
    /// What a draw publishes when it opens. The seed stays with whoever opened it.
    pub fn open(
        draw: &str,
        per_holder: PerHolder,
        prizes: Vec<PublishedPrize>,
        entropy_source: &str,
        (hash, seed): (Hash, [u8; 32]),
    ) -> Result<Self, Problem> {
        let mut publication = Self {
            format: 1,
            draw: draw.to_owned(),
            per_holder,
            prizes,
            entropy_source: entropy_source.to_owned(),
            commitment: String::new(),
            tickets: Vec::new(),
            tickets_digest: None,
            seed: None,
            entropy: String::new(),
            winners: Vec::new(),
        };
        publication.check_terms()?;
        publication.commitment = publication.commitment_to(hash, &hex(&seed));
        Ok(publication)
    }

    /// Fixes the tickets. From now on nothing changes them.
    pub fn close(&mut self, hash: Hash, mut tickets: Vec<Tickets>) -> Result<(), Problem> {
        if self.tickets_digest.is_some() {
            return Err(Problem::OutOfOrder);
        }
        tickets.sort_by(|a, b| a.holder.cmp(&b.holder));
        check_tickets(&tickets)?;
        self.tickets_digest = Some(digest_of(hash, &tickets));
        self.tickets = tickets;
        Ok(())
    }

    /// Shows the seed and draws the winners.
    pub fn draw(&mut self, hash: Hash, seed: [u8; 32], entropy: &str) -> Result<(), Problem> {
        if self.seed.is_some() || self.tickets_digest.is_none() {
            return Err(Problem::OutOfOrder);
        }
        let mut drawn = Self { entropy: entropy.to_owned(), ..self.clone() };
        drawn.seed = Some(hex(&seed));
        drawn.winners = drawn.winners_by(hash, &hex(&seed))?;
        drawn.check(hash)?;
        *self = drawn;
        Ok(())
    }

    /// Checks everything that the file says, with nothing but the file.
    pub fn check(&self, hash: Hash) -> Result<Drawn, Problem> {
        if self.format != 1 {
            return Err(Problem::Format);
        }
        self.check_terms()?;
        check_tickets(&self.tickets)?;
        let is_later = self.seed.is_some() || !self.winners.is_empty() || !self.entropy.is_empty();
        let Some(digest) = &self.tickets_digest else {
            let nothing = self.tickets.is_empty() && !is_later;
            return if nothing { Ok(Drawn::Open) } else { Err(Problem::OutOfOrder) };
        };
        if *digest != digest_of(hash, &self.tickets) {
            return Err(Problem::TicketsChanged);
        }
        let Some(seed) = &self.seed else {
            return if is_later { Err(Problem::OutOfOrder) } else { Ok(Drawn::Closed) };
        };
        if self.commitment != self.commitment_to(hash, seed) {
            return Err(Problem::SeedOrTermsChanged);
        }
        if self.winners != self.winners_by(hash, seed)? {
            return Err(Problem::WinnersDiffer);
        }
        Ok(Drawn::Drawn)
    }

    fn check_terms(&self) -> Result<(), Problem> {
        let names = self.prizes.iter().map(|prize| prize.id.as_str());
        if !names.chain([self.draw.as_str()]).all(is_word) {
            return Err(Problem::Name);
        }
        if self.prizes.is_empty() || self.prizes.iter().any(|prize| prize.count == 0) {
            return Err(Problem::NoPrizes);
        }
        if self.prizes.iter().any(|prize| prize.name.contains(char::is_control)) {
            return Err(Problem::Name);
        }
        let lines = [&self.entropy_source, &self.entropy];
        if lines.iter().any(|text| text.contains(char::is_control)) {
            return Err(Problem::Entropy);
        }
        Ok(())
    }

    /// The hash of the seed and everything that must not change after the opening.
    fn commitment_to(&self, hash: Hash, seed: &str) -> String {
        let mut text = format!(
            "symbolon draw commitment 1\n{seed}\n{}\n{}\n{}\n",
            self.draw,
            self.per_holder.name(),
            self.entropy_source
        );
        for prize in &self.prizes {
            text.push_str(&format!("{} {} {}\n", prize.count, prize.id, prize.name));
        }
        hex(&hash(text.as_bytes()))
    }

    /// Draws: each prize in its order, as often as there is one. Where tickets run out, the rest
    /// of the prizes is not won.
    fn winners_by(&self, hash: Hash, seed: &str) -> Result<Vec<Winner>, Problem> {
        if self.entropy.is_empty() != self.entropy_source.is_empty() {
            return Err(Problem::Entropy);
        }
        let digest = self.tickets_digest.as_deref().unwrap_or_default();
        let mut words = Words::new(hash, seed, digest, &self.entropy);
        let mut drum = Drum::of(&self.tickets, self.per_holder).ok_or(Problem::TooManyTickets)?;
        let mut winners = Vec::new();
        let wanted = self.prizes.iter().flat_map(|prize| (0..prize.count).map(move |_| prize));
        for (place, prize) in (1_u32..).zip(wanted) {
            let Some((ticket, holder)) = drum.draw(&mut words) else { break };
            let (prize, holder) = (prize.id.clone(), holder.to_owned());
            winners.push(Winner { place, prize, ticket, holder });
        }
        Ok(winners)
    }
}

fn check_tickets(tickets: &[Tickets]) -> Result<(), Problem> {
    if !tickets.iter().all(|tickets| is_word(&tickets.holder)) {
        return Err(Problem::Name);
    }
    let in_order = tickets.windows(2).all(|pair| pair[0].holder < pair[1].holder);
    if !in_order || tickets.iter().any(|tickets| tickets.count == 0) {
        return Err(Problem::TicketOrder);
    }
    let mut all = 0_u64;
    for Tickets { count, .. } in tickets {
        all = all.checked_add(*count).ok_or(Problem::TooManyTickets)?;
    }
    if all == u64::MAX { Err(Problem::TooManyTickets) } else { Ok(()) }
}

/// The hash of the list: a line `first-last holder` for everybody.
fn digest_of(hash: Hash, tickets: &[Tickets]) -> String {
    let (mut text, mut last) = (String::new(), 0_u64);
    for Tickets { holder, count } in tickets {
        let first = last.saturating_add(1);
        last = last.saturating_add(*count);
        text.push_str(&format!("{first}-{last} {holder}\n"));
    }
    hex(&hash(text.as_bytes()))
}
