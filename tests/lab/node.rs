//! The node: starts it, tells it what to do, and takes what comes out of it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{LazyLock, Mutex, MutexGuard, PoisonError, mpsc},
    time::Duration,
};

use crate::cli::bundle::Bundle;

const LAB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/lab");
/// Beyond this something never ends. No test is about how fast anything is.
const NEVER: Duration = Duration::from_secs(300);
/// What a node is made of, each by one of its files.
const PARTS: &[&str] = &[
    "/usr/bin/chpst",
    "/usr/bin/openssl",
    "/usr/bin/redis-server",
    "/usr/bin/runsvdir",
    "/usr/bin/svlogd",
    "/usr/lib/postgresql",
    "/usr/sbin/ip",
    "/usr/sbin/nginx",
    "/usr/sbin/pgbouncer",
];

/// A running node. It ends with its stdin, so with this process too.
pub(super) struct Node {
    stdin: ChildStdin,
    answers: mpsc::Receiver<(i32, Vec<u8>)>,
    /// Whether it owes an answer: then the next would be to another question.
    is_silent: bool,
    _lab: Child,
}

/// The node, alone and healed; nothing where there can be none, which was told then.
pub(super) fn node() -> Option<MutexGuard<'static, Node>> {
    static NODE: LazyLock<Result<Mutex<Node>, String>> = LazyLock::new(Node::start);
    match NODE.as_ref() {
        Ok(node) => {
            let mut node = node.lock().unwrap_or_else(PoisonError::into_inner);
            node.tell("heal");
            Some(node)
        }
        Err(reason) if std::env::var_os("GLSOS_LAB").is_some_and(|wish| wish == "required") => {
            panic!("the lab is required: {reason}")
        }
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "skipped: {reason}");
            None
        }
    }
}

/// All that glsos takes, but for what watches the host for seconds. Made once.
pub(super) fn whole() -> Option<&'static Bundle> {
    static WHOLE: LazyLock<Option<Bundle>> =
        LazyLock::new(|| node().map(|mut node| node.collect("--profile full --skip samples")));
    WHOLE.as_ref()
}

impl Node {
    fn start() -> Result<Mutex<Self>, String> {
        if !nix::unistd::geteuid().is_root() {
            return Err("only root can lay out the lab's node".to_owned());
        }
        if let Some(part) = PARTS.iter().find(|part| !Path::new(part).exists()) {
            return Err(format!("{part} is not there; .ci/run installs what the lab needs"));
        }
        let mut lab = Command::new(LAB)
            .arg(env!("CARGO_BIN_EXE_glsos"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{LAB}: {error}"))?;
        let mut stdout = BufReader::new(lab.stdout.take().unwrap());
        let (sender, answers) = mpsc::channel();
        std::thread::spawn(move || {
            let mut head = String::new();
            while stdout.read_line(&mut head).is_ok_and(|n| n > 0) {
                let (status, length) = head.trim().split_once(' ').unwrap();
                let mut output = vec![0; length.parse().unwrap()];
                if stdout.read_exact(&mut output).is_err()
                    || sender.send((status.parse().unwrap(), output)).is_err()
                {
                    return;
                }
                head.clear();
            }
        });
        let mut node = Self { stdin: lab.stdin.take().unwrap(), answers, is_silent: false, _lab: lab };
        match node.answer() {
            // The packages are there: this is a fault, not a reason to skip.
            (0, _) => Ok(Mutex::new(node)),
            (status, _) => panic!("the node did not start ({status}): {}", node.tell("cat /out/said.last")),
        }
    }

    fn answer(&mut self) -> (i32, Vec<u8>) {
        assert!(!self.is_silent, "the node did not answer before");
        self.is_silent = true;
        let answer = self.answers.recv_timeout(NEVER).expect("the node does not answer");
        self.is_silent = false;
        answer
    }

    /// Runs a line of bash in the node; its exit status and output.
    pub(super) fn try_to(&mut self, line: &str) -> (i32, Vec<u8>) {
        writeln!(self.stdin, "{line}").unwrap();
        self.answer()
    }

    /// The same, which must succeed.
    pub(super) fn tell(&mut self, line: &str) -> String {
        let (status, output) = self.try_to(line);
        let output = String::from_utf8(output).unwrap();
        assert_eq!(status, 0, "{line}: {output}");
        output
    }

    /// A bundle of the node. Whatever ails it, there must be one, and the run must have come to its end.
    pub(super) fn collect(&mut self, options: &str) -> Bundle {
        let (status, packed) = self.try_to(&format!("/glsos collect -o - {options}"));
        assert_eq!(status, 0, "{}", self.tell("cat /out/said.last"));
        let bundle = Bundle::of(packed);
        assert_eq!(bundle.run().get("stopped_by"), None, "{}", bundle.log());
        bundle
    }
}
