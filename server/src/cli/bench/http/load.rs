//! The load: receipts over HTTP on kept connections, and a look at every answer.
//!
//! It shares the machine with the server, so it does as little as a till would: requests are put
//! together from parts, and answers are searched for what is compared and not read as JSON.

use super::shop::{Cart, phone};
use crate::cli::output::CliError;
use std::cell::{Cell, RefCell};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

#[expect(clippy::disallowed_methods, reason = "this measures time, and nothing depends on it")]
pub fn now() -> Instant {
    Instant::now()
}

/// Whom is sent what.
pub struct Load<'a> {
    pub address: &'a str,
    pub key: &'a str,
    /// What the numbers of its receipts begin with.
    pub run: &'a str,
    pub carts: &'a [Cart],
    /// Which member each receipt is of, in turns.
    pub members: &'a [u32],
    pub connections: usize,
    /// Receipts per second that arrive whatever becomes of those before; without it, each
    /// connection sends the next one when it has its answer.
    pub rate: Option<f64>,
    pub lasts: Duration,
    /// The place of its first receipt in the run.
    pub first: u64,
}

/// What became of it.
#[derive(Debug, Default)]
pub struct Outcome {
    pub seconds: f64,
    /// From the moment at which each was to be sent, in microseconds, in order.
    pub latencies: Vec<u64>,
    /// The receipts that were acknowledged: place in the run, points.
    pub acknowledged: Vec<(u64, i64)>,
    /// Answers with another figure than they must have.
    pub wrong: u64,
    /// Answers that turned a receipt away because too many wait.
    pub turned_away: u64,
    /// Answers of any other kind, and connections that broke.
    pub failed: u64,
    pub first_failure: Option<String>,
    /// How many receipts were begun.
    pub sent: u64,
}

impl Outcome {
    pub fn per_second(&self) -> f64 {
        self.acknowledged.len() as f64 / self.seconds.max(1e-9)
    }

    /// The latency below which so many thousandths lie, in milliseconds.
    pub fn latency_ms(&self, thousandths: usize) -> f64 {
        let place =
            (self.latencies.len() * thousandths / 1_000).min(self.latencies.len().max(1) - 1);
        self.latencies.get(place).map_or(0.0, |micros| *micros as f64 / 1e3)
    }

    fn failed(&mut self, what: String) {
        self.failed += 1;
        self.first_failure.get_or_insert(what);
    }
}

/// What the connections share. They run on one thread.
struct Shared<'a> {
    load: &'a Load<'a>,
    arrivals: Option<Arrivals>,
    begun: Instant,
    next: Cell<u64>,
    outcome: RefCell<Outcome>,
}

/// Sends the load and waits until every receipt that was begun has its answer.
pub fn send(load: &Load<'_>) -> Result<Outcome, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CliError::caused)?;
    let shared = Shared {
        load,
        arrivals: load.rate.map(|rate| Arrivals::of(rate, load.lasts)),
        begun: now(),
        next: Cell::new(0),
        outcome: RefCell::new(Outcome::default()),
    };
    let permits = Arc::new(Semaphore::new(0));
    std::thread::scope(|scope| {
        if let Some(arrivals) = shared.arrivals {
            let (permits, begun) = (Arc::clone(&permits), shared.begun);
            let connections = load.connections;
            scope.spawn(move || let_arrive(&permits, arrivals, connections, begun));
        }
        runtime.block_on(async {
            let all = (0..load.connections).map(|_| connection(&shared, &permits));
            futures_util::future::join_all(all).await
        });
    });
    let mut outcome = shared.outcome.into_inner();
    outcome.seconds = shared.begun.elapsed().as_secs_f64();
    outcome.sent = shared.next.get();
    outcome.latencies.sort_unstable();
    Ok(outcome)
}

/// Receipts that arrive one after the other, in the same time.
#[derive(Clone, Copy)]
struct Arrivals {
    every: Duration,
    lasts: Duration,
}

impl Arrivals {
    fn of(rate: f64, lasts: Duration) -> Self {
        Self { every: Duration::from_secs_f64(1.0 / rate).max(Duration::from_nanos(1)), lasts }
    }

    /// How many have arrived after a while.
    fn after(self, time: Duration) -> u64 {
        let count = time.min(self.lasts).as_nanos() / self.every.as_nanos();
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    fn all(self) -> u64 {
        self.after(self.lasts)
    }

    /// When the receipt at this place arrives, counted from 0, after the beginning.
    fn moment(self, place: u64) -> Duration {
        self.every.saturating_mul(u32::try_from(place + 1).unwrap_or(u32::MAX))
    }
}

/// Lets receipts arrive at their moments. A thread of its own, because it wakes more exactly than
/// the timers of the connections.
fn let_arrive(permits: &Semaphore, arrivals: Arrivals, connections: usize, begun: Instant) {
    let mut arrived = 0;
    while arrived < arrivals.all() {
        let due = arrivals.after(begun.elapsed());
        permits.add_permits(usize::try_from(due - arrived).unwrap_or(0));
        arrived = due;
        // Those that arrive within the millisecond are let go at its end, and their latency
        // counts from their own moment all the same.
        std::thread::sleep(Duration::from_millis(1));
    }
    // Each connection finds out that nothing more is to come.
    permits.add_permits(connections);
}

/// One connection: a receipt after the other until the time is over.
async fn connection(shared: &Shared<'_>, permits: &Semaphore) {
    let mut stream = None;
    let (mut request, mut answer) = (Vec::with_capacity(2_048), Vec::with_capacity(16_384));
    let load = shared.load;
    loop {
        match shared.arrivals {
            None if shared.begun.elapsed() >= load.lasts => return,
            None => {}
            Some(_) => match permits.acquire().await {
                Ok(permit) => permit.forget(),
                Err(_) => return,
            },
        }
        let place = shared.next.get();
        let begin = match shared.arrivals {
            Some(arrivals) if place >= arrivals.all() => return,
            Some(arrivals) => shared.begun + arrivals.moment(place),
            None => now(),
        };
        shared.next.set(place + 1);
        let number = load.first + place;
        let points = put_together(load, number, &mut request);
        let done = exchange(&mut stream, load.address, &request, &mut answer).await;
        let mut outcome = shared.outcome.borrow_mut();
        match done {
            Err(error) => {
                stream = None;
                outcome.failed(error.to_string());
            }
            Ok(()) => {
                let took = u64::try_from(begin.elapsed().as_micros()).unwrap_or(u64::MAX);
                look_at(&mut outcome, &answer, number, points, took);
            }
        }
    }
}

/// Writes the next request, and says what it must earn.
fn put_together(load: &Load<'_>, number: u64, request: &mut Vec<u8>) -> i64 {
    let place = usize::try_from(number).unwrap_or(0);
    let (Some(cart), Some(member)) =
        (load.carts.get(place % load.carts.len()), load.members.get(place % load.members.len()))
    else {
        return 0;
    };
    let begin = format!(
        "{{\"number\":\"{run}{number}\",\"member\":{{\"phone\":\"{phone}\"}},",
        run = load.run,
        phone = phone(*member)
    );
    request.clear();
    // Writing into memory cannot fail.
    let _ = write!(
        request,
        "POST /v1/receipts HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
         idempotency-key: {run}{number}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{begin}{rest}",
        address = load.address,
        key = load.key,
        run = load.run,
        length = begin.len() + cart.body.len(),
        rest = cart.body,
    );
    cart.points
}

/// Sends a request and reads its answer whole.
async fn exchange(
    stream: &mut Option<TcpStream>,
    address: &str,
    request: &[u8],
    answer: &mut Vec<u8>,
) -> std::io::Result<()> {
    let stream = match stream {
        Some(stream) => stream,
        None => {
            let opened = TcpStream::connect(address).await?;
            opened.set_nodelay(true)?;
            stream.insert(opened)
        }
    };
    stream.write_all(request).await?;
    answer.clear();
    loop {
        if stream.read_buf(answer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some(head) = find(answer, b"\r\n\r\n") else { continue };
        let length = number_after(&answer[..head], b"content-length: ").unwrap_or(0);
        if answer.len() >= head + 4 + usize::try_from(length).unwrap_or(0) {
            return Ok(());
        }
    }
}

fn look_at(outcome: &mut Outcome, answer: &[u8], number: u64, points: i64, took: u64) {
    if answer.starts_with(b"HTTP/1.1 503") {
        // Who is turned away is told when to come back.
        match find(answer, b"retry-after: ") {
            Some(_) => outcome.turned_away += 1,
            None => outcome.failed("503 without Retry-After".to_owned()),
        }
    } else if answer.starts_with(b"HTTP/1.1 201") {
        let earned = number_after(answer, b"\"earned\":{\"points\":\"");
        if earned != u64::try_from(points).ok() {
            outcome.wrong += 1;
            let text = String::from_utf8_lossy(answer).into_owned();
            outcome.first_failure.get_or_insert(format!("expected {points} points: {text}"));
        }
        outcome.acknowledged.push((number, points));
        outcome.latencies.push(took);
    } else {
        outcome.failed(String::from_utf8_lossy(answer).into_owned());
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

/// The whole number that follows a text.
fn number_after(text: &[u8], what: &[u8]) -> Option<u64> {
    let rest = text.get(find(text, what)? + what.len()..)?;
    let digits: Vec<u8> = rest.iter().copied().take_while(u8::is_ascii_digit).collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}
