//! The server as a stranger's program meets it: plain TCP, no client that is kind to it.

mod server;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;

/// A report whose every field would act on a page that trusted it.
const HOSTILE: &str = r#"{"id":"x/../\"><script>alert(1)</script>","outlet":"<img src=x onerror=alert(2)>","url":"javascript:alert(3)","title":"Bridge <script>alert(4)</script> closed","published":"2031-05-02","text":"Bridge <script>alert(4)</script> closed\n\nThe old bridge at Fennmouth was closed on Friday, Mayor \"><svg onload=alert(5)> Ada Brack said. \"We found cracks <b onclick=alert(6)>in it</b>,\" Brack said. At least 4 people were hurt.\n"}
"#;
const SECRET: &str = "a secret of many letters";

/// An archive with the README's example and a hostile report; made once.
fn archive() -> &'static Path {
    static ARCHIVE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = ARCHIVE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let hostile = folder.path().join("hostile.jsonl");
        std::fs::write(&hostile, HOSTILE).expect("a temporary file can be written");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let done = Command::new(env!("CARGO_BIN_EXE_rashomon"))
            .args(["add", "examples/ferry", "--quiet"])
            .arg(&hostile)
            .arg("--database")
            .arg(folder.path().join("desk.db"))
            .current_dir(root)
            .output()
            .expect("the program starts");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        folder
    });
    folder.path()
}

/// A server of its own for one test.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(database: &Path, more: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rashomon"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(database)
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stderr = child.stderr.take().expect("standard error is a pipe");
        BufReader::new(stderr).read_line(&mut line).expect("the server says where it listens");
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Server { child, address }
    }

    fn reading() -> Server {
        Server::start(&archive().join("desk.db"), &[])
    }

    /// Sends bytes as they are and reads until the server closes.
    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout can be set");
        stream.write_all(request).expect("the server reads");
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::of(&bytes)
    }

    fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|line| line.starts_with("Host:")) {
            head += &format!("Host: {}\r\n", self.address);
        }
        headers.iter().for_each(|line| head += &format!("{line}\r\n"));
        self.send(format!("{head}\r\n").as_bytes())
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    fn page(&self, path: &str) -> Answer {
        self.ask("GET", path, &["Accept: text/html"])
    }

    /// Sends a body with its media type.
    fn post(&self, path: &str, (kind, body): (&str, &str), headers: &[&str]) -> Answer {
        let all = headers.iter().map(|line| format!("{line}\r\n")).collect::<String>();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{all}\r\n",
            self.address,
            body.len()
        );
        self.send(format!("{head}{body}").as_bytes())
    }

    fn stories(&self) -> Vec<Value> {
        self.get("/api/stories").json()["stories"].as_array().expect("a list of stories").clone()
    }

    /// The story of the README's example.
    fn ferry(&self) -> String {
        let stories = self.stories();
        let most = stories.iter().max_by_key(|story| story["articles"].as_u64()).expect("there are stories");
        most["id"].as_str().expect("an id").to_owned()
    }
}

struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Answer {
    fn of(bytes: &[u8]) -> Answer {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Answer { status, headers, body: body.to_owned() }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    fn is_problem(&self, status: u16) {
        assert_eq!(
            (self.status, self.header("content-type")),
            (status, "application/problem+json"),
            "{}",
            self.body
        );
        assert_eq!(self.json()["status"], status);
        assert!(self.json()["detail"].as_str().is_some_and(|detail| detail.ends_with('.')), "{}", self.body);
    }
}

/// Addresses of pages that are linked from a page.
fn links(page: &str) -> Vec<String> {
    let found = page.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    let mut links: Vec<String> = found
        .map(|link| format!("/{}", link.split('#').next().unwrap_or_default().replace("&amp;", "&")))
        .collect();
    links.sort();
    links.dedup();
    links
}

#[test]
fn every_page_that_is_linked_answers_and_says_what_a_browser_may_do() {
    let server = Server::reading();
    let mut seen = std::collections::BTreeSet::new();
    let mut waiting = vec!["/".to_owned(), "/search?q=ferry".to_owned()];
    while let Some(path) = waiting.pop() {
        if seen.len() > 150 || !seen.insert(path.clone()) {
            continue;
        }
        let answer = server.page(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") || path.ends_with("dossier.html"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        if answer.header("content-type").starts_with("text/html") && !path.ends_with("dossier.html") {
            assert!(!answer.body.contains(" style=") && !answer.body.contains("<style"), "{path}");
            assert_eq!(answer.body.matches("<h1").count(), 1, "{path} has one first heading");
            assert_eq!(answer.body.matches("<script").count(), 1, "{path} has our script and no other");
            // Words of the text are opened by many links; one of them is enough.
            waiting.extend(
                links(&answer.body).into_iter().filter(|link| !link.contains("?at=") || seen.len() < 40),
            );
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
}

#[test]
fn a_story_is_filtered_by_links_and_its_lines_open_the_words() {
    let server = Server::reading();
    let id = server.ferry();
    let story = server.page(&format!("/stories/{id}"));
    assert!(story.body.contains("Where they differ") && story.body.contains("class=\"filters\""));
    let only = links(&story.body).into_iter().find(|link| link.contains("?kind=")).expect("a filter by kind");
    let part = server.page(&only);
    assert!(part.body.contains("Show the whole story") && part.body.len() < story.body.len());
    let words =
        links(&story.body).into_iter().find(|link| link.contains("?at=")).expect("a line opens its words");
    let article = server.page(&words);
    assert_eq!(article.body.matches("id=\"at\"").count(), 1, "{words}");
    let nonsense = server.page(&format!("/stories/{id}?kind=%22%3E%3Cscript%3E&speaker=nobody"));
    assert_eq!(nonsense.status, 200);
    assert_eq!(nonsense.body.matches("<script").count(), 1);
}

#[test]
fn nothing_foreign_acts() {
    let server = Server::reading();
    let attacks = [
        "/",
        "/sources",
        "/speakers",
        "/events",
        "/search?outlet=%3Cimg%20src%3Dx%20onerror%3Dalert(2)%3E",
        "/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/search?q=bridge&speaker=%3Csvg%20onload%3Dalert(1)%3E",
        "/speakers?q=%3Cscript%3E",
        "/speakers/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/stories/%3Cscript%3E",
        "/search?since=%3Cscript%3E&until=%22onfocus=alert(1)",
    ];
    let hits = server.get("/api/search?q=bridge").json();
    let id = hits["hits"][0]["id"].as_str().expect("the hostile report is found").to_owned();
    assert!(id.contains("<script>"), "{id}");
    let found = server.page("/search?q=bridge");
    let mut paths: Vec<String> = attacks.iter().map(|path| (*path).to_owned()).collect();
    paths.extend(
        links(&found.body)
            .into_iter()
            .filter(|link| link.starts_with("/articles/") || link.starts_with("/stories/")),
    );
    assert!(paths.len() > attacks.len());
    for path in paths {
        let answer = server.page(&path);
        assert!(answer.status < 500, "{path}: {}", answer.status);
        let lower = answer.body.to_ascii_lowercase();
        assert_eq!(lower.matches("<script").count(), 1, "{path}: {}", answer.body);
        for acting in ["<img", "<svg onload", "<b onclick", "href=\"javascript", "<iframe"] {
            assert!(!lower.contains(acting), "{path} has {acting}");
        }
    }
}

#[test]
fn what_is_not_there_or_not_allowed_is_a_problem_that_says_what_to_do() {
    let server = Server::reading();
    for path in [
        "/nothing",
        "/api/nothing",
        "/api/stories/none",
        "/api/articles/none",
        "/stories/none",
        "/articles/none",
        "/assets/none",
    ] {
        server.get(path).is_problem(404);
    }
    let page = server.page("/stories/none");
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    for path in [
        "/api/stories?limit=0",
        "/api/stories?limit=x",
        "/api/stories?before=-1",
        "/api/search",
        "/api/search?since=1&q=x",
    ] {
        server.get(path).is_problem(400);
    }
    server.get(&format!("/api/search?q={}", "x".repeat(2000))).is_problem(400);
    for path in [
        "/%2e%2e/%2e%2e/etc/passwd",
        "/../../etc/passwd",
        "/assets/..%2f..%2fCargo.toml",
        "/articles/..%2F..%2Fetc%2Fpasswd",
        "/assets/%2Fetc%2Fpasswd",
        "//etc/passwd",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("root:"), "{path}");
    }
    server.ask("DELETE", "/api/stories", &[]).is_problem(405);
    for host in ["Host: evil.example", "Host: 127.0.0.1", "Host: 127.0.0.1:1", "Host: "] {
        server.ask("GET", "/api/stories", &[host]).is_problem(421);
    }
    assert_eq!(server.send(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").status, 421, "no name at all");
    let port = server.address.rsplit(':').next().expect("a port");
    assert_eq!(server.ask("GET", "/api/stories", &[&format!("Host: localhost:{port}")]).status, 200);
    for odd in [&b"\x00\xff\r\n\r\n"[..], b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"] {
        assert!(matches!(server.send(odd).status, 0 | 400 | 505));
    }
    assert_eq!(server.get("/health").json()["status"], "ok");
}

#[test]
fn lists_are_paged_and_what_is_known_is_not_sent_again() {
    let server = Server::reading();
    let all: Vec<Value> = server.stories();
    assert!(all.len() >= 2, "the example has several stories");
    let mut paged = Vec::new();
    let mut path = "/api/stories?limit=1".to_owned();
    loop {
        let page = server.get(&path).json();
        paged.extend(page["stories"].as_array().expect("a list").clone());
        let Some(next) = page["next"].as_i64() else { break };
        path = format!("/api/stories?limit=1&before={next}");
    }
    assert_eq!(paged, all);
    for path in [
        "/".to_owned(),
        "/api/stories".to_owned(),
        format!("/stories/{}", server.ferry()),
        "/assets/style.css".to_owned(),
    ] {
        let first = server.get(&path);
        let tag = first.header("etag").to_owned();
        assert!(tag.len() > 10, "{path}");
        let again = server.ask("GET", &path, &[&format!("If-None-Match: \"other\", {tag}")]);
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        assert_eq!(server.ask("GET", &path, &["If-None-Match: \"other\""]).status, 200);
    }
    let metrics = server.get("/metrics");
    assert!(
        metrics.body.contains("route=\"/api/stories\",status=\"304\"")
            && metrics.body.contains("rashomon_articles ")
    );
}

#[test]
fn the_document_names_every_address_for_programs() {
    let server = Server::reading();
    let document = server.get("/api/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    let source: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api/mod.rs");
    let source = std::fs::read_to_string(source).expect("the routes are there");
    let routes: Vec<&str> =
        source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(routes.len() > 8);
    for route in routes.into_iter().filter(|route| !route.contains('*')) {
        assert!(!document["paths"][route].is_null(), "openapi.json does not describe {route}");
    }
    let id = server.ferry();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        if operations.get("get").is_none() || path.ends_with("/stream") {
            continue;
        }
        let asked = path
            .replace("/stories/{id}", &format!("/stories/{id}"))
            .replace("/api/articles/{id}", "/api/articles/none");
        let answer =
            server.get(&if asked == "/api/search" { "/api/search?q=ferry".to_owned() } else { asked });
        let described = &operations["get"]["responses"][answer.status.to_string()]["content"];
        assert!(
            described.get(answer.header("content-type")).is_some(),
            "{path}: {} {:?}",
            answer.status,
            answer.headers
        );
    }
}

fn form(name: &str, text: &str) -> (String, String) {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--edge--\r\n"
    );
    ("multipart/form-data; boundary=edge".to_owned(), body)
}

#[test]
fn nobody_writes_without_the_secret_and_who_has_it_is_told_how_far_it_is() {
    let closed = Server::reading();
    let (kind, body) = form("a.txt", "Words.");
    closed.post("/add", (&kind, &body), &[&format!("Authorization: Bearer {SECRET}")]).is_problem(403);

    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, SECRET).expect("a temporary file can be written");
    let database = folder.path().join("new.db");
    let server = Server::start(&database, &["--token-file", secret.to_str().expect("UTF-8")]);
    server.post("/add", (&kind, &body), &[]).is_problem(401);
    server.post("/add", (&kind, &body), &["Authorization: Bearer another"]).is_problem(401);
    server
        .post("/login", ("application/x-www-form-urlencoded", "token=a"), &["Origin: http://evil.example"])
        .is_problem(403);
    let wrong = server.post("/login", ("application/x-www-form-urlencoded", "token=guess"), &[]);
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, ""));
    let entered = server.post(
        "/login",
        ("application/x-www-form-urlencoded", &format!("token={}", SECRET.replace(' ', "+"))),
        &[],
    );
    let cookie = entered.header("set-cookie").to_owned();
    assert!(entered.status == 303 && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let cookie = format!("Cookie: {}", cookie.split(';').next().expect("a pair"));
    server.post("/add", (&kind, &body), &[&cookie, "Sec-Fetch-Site: cross-site"]).is_problem(403);
    server.post("/add", (&kind, "--edge--\r\n"), &[&cookie]).is_problem(400);

    let mut news = TcpStream::connect(&server.address).expect("the server listens");
    write!(news, "GET /api/events/stream?since=0 HTTP/1.1\r\nHost: {}\r\n\r\n", server.address)
        .expect("sent");
    let (kind, body) = form("../../evil.jsonl", HOSTILE);
    let put = server.post("/add", (&kind, &body), &[&cookie]);
    assert_eq!(put.status, 303, "{}", put.body);
    let job = put.header("location").to_owned();
    let mut page = String::new();
    for _ in 0..600 {
        page = server.ask("GET", &job, &[&cookie]).body;
        if !page.contains("http-equiv=\"refresh\"") {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(page.contains("1 new input, 0 known already; 1 article"), "{page}");
    assert_eq!(server.get("/health").json()["articles"], 1);
    assert!(server.page("/sources").body.contains("evil.jsonl"));
    assert!(!folder.path().parent().expect("a parent").join("evil.jsonl").exists());
    news.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout can be set");
    let mut head = [0; 400];
    let count = news.read(&mut head).expect("the stream begins");
    assert!(String::from_utf8_lossy(&head[..count]).contains("text/event-stream"));
}

/// A server on a copy of the archive, to which the secret's owner writes.
fn writable(folder: &Path) -> (Server, String) {
    let database = folder.join("desk.db");
    let done = Command::new(env!("CARGO_BIN_EXE_rashomon"))
        .args(["add", "examples/ferry", "--quiet", "--database"])
        .arg(&database)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .expect("the program starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let secret = folder.join("secret");
    std::fs::write(&secret, SECRET).expect("a temporary file can be written");
    let server = Server::start(&database, &["--token-file", secret.to_str().expect("UTF-8")]);
    (server, format!("Authorization: Bearer {SECRET}"))
}

impl Server {
    /// Waits for a job to end; its page.
    fn job(&self, put: &Answer, key: &str) -> String {
        assert_eq!(put.status, 303, "{}", put.body);
        for _ in 0..600 {
            let page = self.ask("GET", put.header("location"), &[key]).body;
            if !page.contains("http-equiv=\"refresh\"") {
                return page;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the job does not end");
    }

    fn decide(&self, fields: &str, key: &str) -> Answer {
        self.post("/decisions", ("application/x-www-form-urlencoded", fields), &[key])
    }
}

#[test]
fn what_is_added_through_the_server_is_sent_to_webhooks_and_only_then() {
    let hooks = server::Server::start(|request| match request.path.as_str() {
        "/hook" => server::ok("", b""),
        _ => server::not_found(),
    });
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, SECRET).expect("a temporary file can be written");
    let hook = hooks.url("/hook");
    let more = ["--webhook", &hook, "--allow-private", "--token-file", secret.to_str().expect("UTF-8")];
    let server = Server::start(&folder.path().join("new.db"), &more);
    let hooked = || hooks.requests().into_iter().filter(|request| request.path == "/hook").count();
    let events = || server.get("/api/events").json()["events"].as_array().expect("a list").len();

    let key = format!("Authorization: Bearer {SECRET}");
    let told = [("herald", "killing 3 people"), ("post", "killing 6 people")];
    for (number, (outlet, toll)) in told.into_iter().enumerate() {
        let line = serde_json::json!({
            "id": outlet, "outlet": outlet, "title": "Old bridge in Tornby collapses", "published": "2031-05-02",
            "text": format!("The old bridge in Tornby collapsed on Friday, {toll}, police chief Ana Ruiz said."),
        });
        let (kind, body) = form(&format!("{outlet}.jsonl"), &format!("{line}\n"));
        let page = server.job(&server.post("/add", (&kind, &body), &[&key]), &key);
        assert!(page.contains("1 article") && !page.contains("not told"), "{page}");
        assert_eq!(hooked(), events(), "each event is sent once, before the job ends");
        assert_eq!(events() > 0, number == 1, "a story that is new changes nothing; the second report does");
    }
}

#[test]
fn decisions_are_made_in_the_browser_and_what_is_hostile_in_them_does_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (server, key) = writable(folder.path());
    server.decide("kind=split", "X-Nothing: 1").is_problem(401);
    let foreign = ["Sec-Fetch-Site: cross-site", &key];
    server.post("/decisions/undo", ("application/x-www-form-urlencoded", ""), &foreign).is_problem(403);
    for fields in [
        "",
        "kind=guess",
        "kind=split",
        "kind=ignore&article=..%2F..%2Fetc%2Fpasswd",
        "kind=merge&story=a&into=b",
        "kind=alias&name=a%0A%5B%5Bignore%5D%5D&also=b",
        "kind=alias&name=a&also=",
    ] {
        server.decide(fields, &key).is_problem(400);
    }
    let story = server.ferry();
    let merge = format!("kind=merge&story={story}&into={story}");
    server.decide(&merge, &key).is_problem(400);
    let hostile = "kind=alias&by=%3Cb%3ELea&name=a%0Bb&also=x";
    server.decide(hostile, &key).is_problem(400);
    let alias = "kind=alias&by=%3Cb%3ELea&name=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%20%5B%5Bignore%5D%5D&also=Mirela+Dovan";
    let page = server.job(&server.decide(alias, &key), &key);
    assert!(page.contains("The decision is written down."), "{page}");
    let list = server.page("/decisions").body;
    assert!(list.contains("&lt;script&gt;") && !list.contains("<script>alert"), "{list}");
    assert!(list.contains("&lt;b&gt;Lea"), "{list}");
    let file = std::fs::read_to_string(folder.path().join("desk.db.overrides.toml")).expect("it is written");
    assert_eq!(file.lines().filter(|line| line.starts_with("[[")).count(), 1, "{file}");
    let told = server.get(&format!("/api/stories/{story}")).body;
    assert!(!told.contains("\"speaker\":\"Mirela Dovan\""), "she goes by another name now");
    let undone = server.post("/decisions/undo", ("application/x-www-form-urlencoded", ""), &[&key]);
    assert!(server.job(&undone, &key).contains("The last decision is taken back."));
    assert!(server.get(&format!("/api/stories/{story}")).body.contains("\"speaker\":\"Mirela Dovan\""));
}

/// A web archive package in which a gigabyte is packed three times over, beside files that want to lie elsewhere.
fn wacz_bomb(gigabyte: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http\r\n";
    let plain = [head.as_bytes(), b"Content-Length: 1099511627776\r\n\r\n"].concat();
    for (name, bytes) in [
        ("archive/a.warc.gz", gigabyte),
        ("archive/b.warc", gigabyte),
        ("../../evil.warc", &plain),
        ("/evil.warc", &plain),
        ("datapackage.json", b"{}"),
    ] {
        zip.start_file(name, options).expect("memory takes it");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

#[test]
fn a_bomb_and_a_flood_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (server, key) = writable(folder.path());
    let head = |length: usize| {
        format!(
            "POST /add HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{key}\r\nContent-Length: {length}\r\nContent-Type: multipart/form-data; boundary=edge\r\n\r\n",
            server.address
        )
    };
    let part = "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.gz\"\r\n\r\n";
    let mut packing = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b' '; 1 << 20];
    (0..1024).for_each(|_| packing.write_all(&zeros).expect("memory takes it"));
    let bomb = packing.finish().expect("memory takes it");
    let body = [part.as_bytes(), &bomb, b"\r\n--edge--\r\n"].concat();
    let put = server.send(&[head(body.len()).as_bytes(), &body].concat());
    let page = server.job(&put, &key);
    assert!(page.contains("a.gz: "), "it says why nothing came of it: {page}");
    let part = "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"../../a.wacz\"\r\n\r\n";
    let body = [part.as_bytes(), &wacz_bomb(&bomb), b"\r\n--edge--\r\n"].concat();
    let put = server.send(&[head(body.len()).as_bytes(), &body].concat());
    let page = server.job(&put, &key);
    assert!(page.contains("a.wacz"), "it says why nothing came of it: {page}");
    assert!(page.contains("0 articles"), "{page}");
    let outside = folder.path().parent().expect("a temporary folder lies in one");
    assert!(!outside.join("evil.warc").exists() && !outside.join("a.wacz").exists());
    let flood = vec![b'x'; 33 << 20];
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let _ = stream.write_all(head(flood.len() + part.len()).as_bytes());
    let _ = stream.write_all(part.as_bytes());
    // The server may hang up before it has been sent whole.
    let _ = stream.write_all(&flood);
    assert_eq!(server.get("/health").status, 200);
    assert_eq!(server.get("/health").json()["articles"], 7);
}
