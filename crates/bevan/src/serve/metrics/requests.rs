//! Counts HTTP requests: how many of each method and status class each address of a route table had, and how long an
//! answer took to begin. A request that whoever asked gave up before its answer began counts as well: what people do not wait
//! for is slow. An address is counted under its template (`/staff/patients/{id}`), and what no template fits
//! under one word: whatever somebody asks for, no label holds a part of it, and there are no more labels than routes.

use super::text::{Page, Unit};
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use store::Histogram;
use tokio::time::Instant;

/// Methods that routes take; `HEAD` is counted as `GET`, and every other as the last.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "other"];
/// Status classes; whoever asked for the last was gone before there was one.
const CLASSES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", GONE];
const GONE: &str = "gone";
/// Where no route fits.
const NO_ROUTE: &str = "other";
/// Upper bounds of the ranges of a duration, in microseconds.
const TOOK_US: [u64; 12] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
];

/// The counts of one process.
#[derive(Default)]
pub struct Requests(RwLock<BTreeMap<String, Arc<[Series; METHODS.len()]>>>);

/// The requests of one method for one address.
struct Series {
    classes: [AtomicU64; CLASSES.len()],
    took: Histogram,
}

impl Default for Series {
    fn default() -> Self {
        Self { classes: Default::default(), took: Histogram::new(&TOOK_US) }
    }
}

/// A request until its answer begins; counted when it is let go, however that comes.
struct Asked {
    requests: Arc<Requests>,
    route: Option<MatchedPath>,
    method: usize,
    began: Instant,
    status: Option<StatusCode>,
}

impl Drop for Asked {
    fn drop(&mut self) {
        let route = self.route.as_ref().map(MatchedPath::as_str);
        self.requests.count((route, self.method), self.status, self.began.elapsed());
    }
}

impl Requests {
    /// Counts what this router answers.
    pub fn counting(self: &Arc<Self>, router: Router) -> Router {
        let requests = Arc::clone(self);
        router.layer(from_fn(move |request: Request, next: Next| {
            let requests = Arc::clone(&requests);
            async move {
                let mut asked = Asked {
                    requests,
                    route: request.extensions().get::<MatchedPath>().cloned(),
                    method: place_of(request.method()),
                    began: Instant::now(),
                    status: None,
                };
                let response = next.run(request).await;
                asked.status = Some(response.status());
                response
            }
        }))
    }

    fn count(&self, (route, method): (Option<&str>, usize), status: Option<StatusCode>, took: Duration) {
        let route = self.counters(route.unwrap_or(NO_ROUTE));
        let Some(series) = route.get(method) else { return };
        let class =
            status.map_or(CLASSES.len(), |status| usize::from(status.as_u16() / 100).min(CLASSES.len() - 1));
        if let Some(class) = series.classes.get(class.saturating_sub(1)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
        series.took.add(took.as_micros().try_into().unwrap_or(u64::MAX));
    }

    /// The counters of an address, which are made when it is first asked for.
    fn counters(&self, route: &str) -> Arc<[Series; METHODS.len()]> {
        // The FHIR base is mounted with and without a slash at its end.
        let route = if route == "/" { route } else { route.trim_end_matches('/') };
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(route) {
            return Arc::clone(known);
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(route.to_owned()).or_default())
    }

    /// Puts the counts on the page.
    pub fn print(&self, page: &mut Page) {
        let routes: Vec<_> = {
            let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
            all.iter().map(|(route, series)| (route.clone(), Arc::clone(series))).collect()
        };
        let asked = || {
            routes.iter().flat_map(|(route, all)| {
                METHODS.iter().zip(all.iter()).map(move |(method, series)| (route.as_str(), *method, series))
            })
        };
        let total = "bevan_http_requests_total";
        page.family(total, "counter", "HTTP requests, by route template, method and class of status.");
        for (route, method, series) in asked() {
            for (class, count) in CLASSES.iter().zip(&series.classes) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    page.sample(total, &[("route", route), ("method", method), ("status", class)], count);
                }
            }
        }
        let took = "bevan_http_request_duration_seconds";
        page.family(
            took,
            "histogram",
            "Time from the head of a request to the head of its answer, or until nobody waited for it.",
        );
        for (route, method, series) in asked() {
            let reading = series.took.read();
            if reading.count > 0 {
                page.histogram(took, &[("route", route), ("method", method)], (&reading, Unit::Seconds));
            }
        }
    }
}

fn place_of(method: &Method) -> usize {
    let name = if method == Method::HEAD { "GET" } else { method.as_str() };
    METHODS.iter().position(|known| *known == name).unwrap_or(METHODS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use std::task::Poll;
    use tower::ServiceExt as _;

    #[tokio::test]
    async fn what_is_asked_for_is_counted_by_template_and_nothing_of_it_is_kept() {
        let requests = Arc::new(Requests::default());
        let fhir = Router::new()
            .route("/", get(|| async { "base" }))
            .route("/{type}/{id}", get(|| async { StatusCode::NOT_FOUND }));
        let pages = Router::new()
            .route("/", get(|| async { "home" }))
            .route("/staff/{id}", get(|| async { "page" }).post(|| async { StatusCode::SEE_OTHER }))
            .fallback(|| async { StatusCode::NOT_FOUND });
        let app =
            requests.counting(pages).merge(Router::new().nest_service("/fhir", requests.counting(fhir)));
        for (method, path) in [
            ("GET", "/"),
            ("GET", "/staff/Canary-1?name=Canary-2"),
            ("HEAD", "/staff/Canary-3"),
            ("POST", "/staff/Canary-4"),
            ("CANARY", "/staff/x"),
            ("GET", "/Canary/5"),
            ("GET", "/fhir"),
            ("GET", "/fhir/"),
            ("GET", "/fhir/Patient/Canary-6"),
            ("GET", "/fhir/Canary/7/8/9"),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            app.clone().oneshot(request).await.unwrap();
        }
        let mut page = Page::default();
        requests.print(&mut page);
        let text = page.text();
        assert!(!text.to_lowercase().contains("canary"), "{text}");
        let counts: Vec<&str> =
            text.lines().filter(|line| line.starts_with("bevan_http_requests_total")).collect();
        let wanted = [
            r#"{route="/",method="GET",status="2xx"} 1"#,
            r#"{route="/fhir",method="GET",status="2xx"} 2"#,
            r#"{route="/fhir/{type}/{id}",method="GET",status="4xx"} 1"#,
            r#"{route="/staff/{id}",method="GET",status="2xx"} 2"#,
            r#"{route="/staff/{id}",method="POST",status="3xx"} 1"#,
            r#"{route="/staff/{id}",method="other",status="4xx"} 1"#,
            r#"{route="other",method="GET",status="4xx"} 2"#,
        ];
        assert_eq!(counts, wanted.map(|rest| format!("bevan_http_requests_total{rest}")));
        assert!(text.contains("_duration_seconds_count{route=\"/staff/{id}\",method=\"GET\"} 2\n"), "{text}");
    }

    #[tokio::test]
    async fn a_request_that_nobody_waits_for_is_counted() {
        let requests = Arc::new(Requests::default());
        let router = Router::new().route("/slow", get(std::future::pending::<StatusCode>));
        let app = requests.counting(router);
        let request = Request::builder().uri("/slow").body(Body::empty()).unwrap();
        let mut answer = Box::pin(app.oneshot(request));
        let waits =
            std::future::poll_fn(|context| Poll::Ready(answer.as_mut().poll(context).is_pending())).await;
        assert!(waits);
        let counted = || {
            let mut page = Page::default();
            requests.print(&mut page);
            page.text().contains(r#"bevan_http_requests_total{route="/slow",method="GET",status="gone"} 1"#)
        };
        assert!(!counted(), "somebody waits");
        drop(answer);
        assert!(counted());
    }
}
