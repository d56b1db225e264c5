//! Counters for Prometheus. Labels are bounded: paths are the router's, never the client's.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// Name and value of each label.
type Labels<const N: usize> = [(&'static str, String); N];

/// The program's counters.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels<2>, Counter>,
    seconds: Histogram,
    operations: Family<Labels<1>, Counter>,
    operation_seconds: Histogram,
    statements: Counter,
    waves: Counter,
    in_flight: Gauge,
    connections: Gauge,
    pool_size: Gauge,
    pool_busy: Gauge,
    written: Counter,
    overdue: Gauge,
    late_seconds: Gauge<f64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("tidings");
        let latency = || Histogram::new(exponential_buckets(0.000_25, 2.0, 16));
        let metrics = Self {
            requests: Family::default(),
            seconds: latency(),
            operations: Family::default(),
            operation_seconds: latency(),
            statements: Counter::default(),
            waves: Counter::default(),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            pool_size: Gauge::default(),
            pool_busy: Gauge::default(),
            written: Counter::default(),
            overdue: Gauge::default(),
            late_seconds: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Requests by route and status", metrics.requests.clone());
        registry.register_with_unit("http_request", "Time to answer a request", Unit::Seconds, metrics.seconds.clone());
        registry.register("graphql_operations", "Operations by outcome", metrics.operations.clone());
        registry.register_with_unit(
            "graphql_operation",
            "Time to run an operation",
            Unit::Seconds,
            metrics.operation_seconds.clone(),
        );
        registry.register("sql_statements", "SQL statements that operations ran", metrics.statements.clone());
        registry.register("sql_waves", "Round trips those statements took", metrics.waves.clone());
        registry.register("http_requests_in_flight", "Requests being answered", metrics.in_flight.clone());
        registry.register("http_connections", "Open connections", metrics.connections.clone());
        registry.register("database_pool_size", "Reader connections or threads", metrics.pool_size.clone());
        registry.register("database_pool_busy", "Readers at work", metrics.pool_busy.clone());
        let written = "SQL statements of transactions that write, with their beginnings and ends";
        registry.register("sql_write_statements", written, metrics.written.clone());
        registry.register("schedule_overdue", "Publications and ends of them that are due and not made", metrics.overdue.clone());
        let late = "How long the first of them has been due";
        registry.register_with_unit("schedule_late", late, Unit::Seconds, metrics.late_seconds.clone());
        Self { registry, ..metrics }
    }
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Without errors.
    Ok,
    /// With data and errors.
    Partial,
    /// Refused before it ran.
    Refused,
}

impl Metrics {
    /// A request has been answered.
    pub fn request(&self, route: &'static str, status: u16, seconds: f64) {
        self.requests.get_or_create(&[("route", route.to_owned()), ("status", status.to_string())]).inc();
        self.seconds.observe(seconds);
    }

    /// An operation has ended.
    pub fn operation(&self, outcome: Outcome, statements: u32, waves: u32, seconds: f64) {
        let word = match outcome {
            Outcome::Ok => "ok",
            Outcome::Partial => "partial",
            Outcome::Refused => "refused",
        };
        self.operations.get_or_create(&[("outcome", word.to_owned())]).inc();
        self.operation_seconds.observe(seconds);
        self.statements.inc_by(u64::from(statements));
        self.waves.inc_by(u64::from(waves));
    }

    /// Requests being answered.
    pub fn in_flight(&self) -> &Gauge {
        &self.in_flight
    }

    /// Open connections.
    pub fn connections(&self) -> &Gauge {
        &self.connections
    }

    /// Everything in the text format of OpenMetrics, with readers as `pool` (size, busy), `written` statements of writers, and
    /// what is overdue (how many, for how many milliseconds), if that is known.
    pub fn text(&self, pool: (usize, usize), written: u64, overdue: Option<(i64, i64)>) -> String {
        self.written.inc_by(written.saturating_sub(self.written.get()));
        if let Some((count, late)) = overdue {
            self.overdue.set(count);
            self.late_seconds.set(std::time::Duration::from_millis(u64::try_from(late).unwrap_or(0)).as_secs_f64());
        }
        self.pool_size.set(i64::try_from(pool.0).unwrap_or(i64::MAX));
        self.pool_busy.set(i64::try_from(pool.1).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
