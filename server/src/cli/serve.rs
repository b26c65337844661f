//! `symbolon serve`: the API and the pages on one address.

use super::output::{CliError, print_json, print_line};
use super::{Format, SecretFile};
use crate::api::{self, ApiState};
use crate::app::{
    App, LaneChoice, LaneError, finish_lanes, lanes_choose, run_calendar, settle_expired_aside,
};
use crate::pages::{self, PagesState};
use crate::pipeline::Queue;
use crate::store::DatabaseUrl;
use crate::world::World;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The database: sqlite:PATH, which is made where it is not there, or
    /// postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(long, default_value = "sqlite:symbolon.db")]
    database: String,
    /// A programme text to publish first; the same text again changes nothing.
    #[arg(long)]
    programme: Option<PathBuf>,
    /// Where the server listens. Beyond this machine, put a proxy with TLS in front.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// How the database is written to; once it goes by bucket, it stays so. As the database has it
    /// where this is not given, and `one` where nobody ever said.
    #[arg(long, value_enum)]
    lanes: Option<LanesArgument>,
    #[command(flatten)]
    secret: SecretFile,
}

/// Lanes, as a command line names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LanesArgument {
    /// A batch is one transaction: the fastest on one machine.
    One,
    /// Every transaction touches one bucket only: for PostgreSQL with Citus.
    Bucket,
}

/// Who may see the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// Whoever reaches them: a demo has nothing to hide.
    Open,
    /// Whoever has an access key.
    WithKey,
}

pub fn run(arguments: ServeArguments, format: Format) -> Result<u8, CliError> {
    let url = DatabaseUrl::parse(&arguments.database).map_err(CliError::usage)?;
    let mut app = App::open(&url, World::Real).map_err(CliError::caused)?;
    if let Some(lanes) = arguments.lanes {
        let choice = match lanes {
            LanesArgument::One => LaneChoice::One,
            LanesArgument::Bucket => LaneChoice::Bucket,
        };
        app = lanes_choose(app, choice).map_err(|error| match error {
            LaneError::NoWayBack => CliError::usage(error),
            LaneError::App(error) => CliError::caused(error),
        })?;
    }
    if let Some(file) = &arguments.programme {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|error| CliError::usage(format!("{name} cannot be read: {error}")))?;
        let published = app.publish(&name, &text, app.world.now()).map_err(|error| {
            CliError::caused(error).hinted(format!("run `symbolon check {name}`"))
        })?;
        if !published.is_unchanged && format == Format::Text {
            print_line(&format!("published version {} of the programme", published.number));
        }
    }
    if app.programmes().latest().is_none() {
        return Err(CliError::usage("this database has no programme yet").hinted(
            "give one with --programme, such as --programme programmes/boloco-card.toml; \
             `symbolon demo` starts with one",
        ));
    }
    drop(app);
    let ServeArguments { database, listen, secret, .. } = arguments;
    serve(&database, &listen, Pages::WithKey, &secret, format)
}

/// Serves a database until the process is told to stop.
pub fn serve(
    database: &str,
    listen: &str,
    pages: Pages,
    secret: &SecretFile,
    format: Format,
) -> Result<u8, CliError> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).init();
    let url = DatabaseUrl::parse(database).map_err(CliError::usage)?;
    let app = secret.of(App::open(&url, World::Real).map_err(CliError::caused)?);
    let queue = app.start_queue().map_err(CliError::caused)?;
    let (watched, aside) = (queue.clone(), queue.clone());
    let router = api::router(ApiState { app: app.clone(), queue })
        .merge(pages::router(PagesState { app: app.clone(), is_open: pages == Pages::Open }));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::caused)?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(listen).await.map_err(|error| {
            CliError::usage(format!("cannot listen on {listen}: {error}"))
                .hinted("choose another address with --listen")
        })?;
        let address = listener.local_addr().map_err(CliError::caused)?;
        // Only now: a key that was made for a server that could not start is a key nobody saw.
        let first_key = app.first_key().map_err(CliError::caused)?;
        say_where(format, database, &format!("http://{address}/"), first_key.as_deref());
        tokio::spawn(follow_calendar(app.clone()));
        tokio::spawn(follow_lanes(app.clone()));
        tokio::spawn(keep_house(app, aside));
        let broken = Arc::new(AtomicBool::new(false));
        let found = Arc::clone(&broken);
        let stop = async move {
            tokio::select! {
                () = stop() => {}
                () = watched.has_ended() => found.store(true, Ordering::Relaxed),
            }
        };
        axum::serve(listener, router)
            .with_graceful_shutdown(stop)
            .await
            .map_err(CliError::caused)?;
        if broken.load(Ordering::Relaxed) {
            tracing::error!("the server has stopped: nothing more could be booked");
            return Err(CliError::failed("the server has stopped: nothing more could be booked")
                .hinted("the log says why; mend that, run `symbolon verify`, and start again"));
        }
        Ok(0)
    })
}

/// How often the server looks at the calendar. What came is booked in any case before anything
/// else of a member; this is for members who do nothing.
const CALENDAR_EVERY: Duration = Duration::from_secs(60);

/// Books what the calendar brings, from the start on and for as long as the server runs.
async fn follow_calendar(app: App) {
    let mut every = tokio::time::interval(CALENDAR_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let app = app.clone();
        match tokio::task::spawn_blocking(move || run_calendar(&app)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "the calendar could not be followed"),
            Err(error) => tracing::error!(%error, "the calendar stopped"),
        }
    }
}

/// How often the server looks for what others left unfinished in lanes by bucket.
const LANES_EVERY: Duration = Duration::from_secs(5);

/// Finishes what servers left that stopped, and what they sent to other members. With one lane
/// there is nothing of that kind.
async fn follow_lanes(app: App) {
    if app.pipeline().lanes.is_none() {
        return;
    }
    let mut every = tokio::time::interval(LANES_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let app = app.clone();
        let finish = move || {
            finish_lanes(&app)?;
            app.pipeline().follow(&app.programmes())
        };
        match tokio::task::spawn_blocking(finish).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "lanes could not be finished"),
            Err(error) => tracing::error!(%error, "finishing lanes stopped"),
        }
    }
}

/// How often the server looks whether the day's work on all members is done. It is one row.
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(5);

/// Books what has run out, each day once, from the start on and for as long as the server runs.
async fn keep_house(app: App, queue: Queue) {
    let stopping = Arc::new(AtomicBool::new(false));
    // When the server stops, this is dropped, and the page that is being looked at is the last.
    let _stops = StopsWhenDropped(Arc::clone(&stopping));
    let mut every = tokio::time::interval(HOUSEKEEPING_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let (app, queue, stopping) = (app.clone(), queue.clone(), Arc::clone(&stopping));
        let mut go_on = move || !stopping.load(Ordering::Relaxed);
        let work = move || settle_expired_aside(&app, &queue, &mut go_on);
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::error!(%error, "what ran out could not be booked"),
            Err(error) => tracing::error!(%error, "the housekeeping stopped"),
        }
    }
}

struct StopsWhenDropped(Arc<AtomicBool>);

impl Drop for StopsWhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Says where the server is, and the first access key where it was made just now.
fn say_where(format: Format, database: &str, address: &str, first_key: Option<&str>) {
    match format {
        Format::Json => {
            let said = json!({ "address": address, "database": database, "access_key": first_key });
            print_json(&said);
        }
        Format::Text => {
            print_line(&format!("open {address}"));
            if let Some(key) = first_key {
                print_line(&format!(
                    "access key for the API and the pages, shown only once: {key}"
                ));
            }
        }
    }
}

/// Waits until the process is asked to end, by Ctrl-C or by its supervisor.
async fn stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    drop(interrupted.await);
}
