//! The few fields of a log's JSON line that facts are made of, found in one pass without building a value.
//! Strings stay as they are written, escapes included; what stands deeper is passed over.

use memchr::memchr2;

macro_rules! keys {
    ($($key:ident: $($name:literal)|+;)+) => {
        /// A field that is looked for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Key { $(#[doc = concat!($("`", $name, "` ",)+)] $key,)+ }

        impl Key {
            fn of(name: &[u8]) -> Option<Self> {
                // The names are ASCII.
                match std::str::from_utf8(name).ok()? {
                    $($($name)|+ => Some(Self::$key),)+
                    _ => None,
                }
            }
        }

        const KEYS: usize = [$(Key::$key,)+].len();
    };
}

keys! {
    Time: "time" | "timestamp" | "@timestamp" | "ts";
    Level: "level" | "severity" | "@level";
    Message: "message" | "msg" | "@message";
    Status: "status" | "http.response.status";
    DurationS: "duration_s";
    DurationMs: "duration_ms";
    Caller: "meta.caller_id";
    Controller: "controller";
    Action: "action";
    Route: "route";
    Class: "class";
    JobStatus: "job_status";
    Waited: "scheduling_latency_s";
    GrpcCode: "grpc.code";
    GrpcMethod: "grpc.method";
    GrpcMs: "grpc.time_ms";
    ExceptionClass: "exception.class" | "error_class";
    ExceptionMessage: "exception.message" | "error_message";
    Error: "error" | "err";
    Worker: "worker_id";
}

/// The fields of one line.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    values: [&'a [u8]; KEYS],
}

impl<'a> Fields<'a> {
    /// Finds them; nothing if the line is no whole JSON object.
    pub(super) fn of(line: &'a [u8]) -> Option<Self> {
        let mut fields = Self { values: [b""; KEYS] };
        let mut at = blank(line, 0);
        if line.get(at) != Some(&b'{') {
            return None;
        }
        at = blank(line, at + 1);
        if line.get(at) == Some(&b'}') {
            return Some(fields);
        }
        loop {
            let (key, behind) = string(line, at)?;
            at = blank(line, behind);
            if line.get(at) != Some(&b':') {
                return None;
            }
            at = blank(line, at + 1);
            let (value, behind) = value(line, at)?;
            if let Some(key) = Key::of(key) {
                let slot = &mut fields.values[key as usize];
                // The first of several names wins.
                if slot.is_empty() {
                    *slot = value;
                }
            }
            at = blank(line, behind);
            match line.get(at)? {
                b',' => at = blank(line, at + 1),
                b'}' => return Some(fields),
                _ => return None,
            }
        }
    }

    /// The value as it is written, without quotes; empty if there is none.
    pub(super) fn get(&self, key: Key) -> &'a [u8] {
        self.values[key as usize]
    }

    /// As text, what is no UTF-8 left out.
    pub(super) fn text(&self, key: Key) -> &'a str {
        std::str::from_utf8(self.get(key)).unwrap_or("")
    }

    /// As a number that is not negative.
    pub(super) fn number(&self, key: Key) -> Option<f64> {
        let number: f64 = self.text(key).parse().ok()?;
        (number.is_finite() && number >= 0.0).then_some(number)
    }
}

fn blank(line: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t') = line.get(at) {
        at += 1;
    }
    at
}

/// A string's inside, and where it is over.
fn string(line: &[u8], at: usize) -> Option<(&[u8], usize)> {
    if line.get(at) != Some(&b'"') {
        return None;
    }
    let start = at + 1;
    let mut end = start;
    loop {
        end += memchr2(b'"', b'\\', line.get(end..)?)?;
        if line[end] == b'"' {
            return Some((&line[start..end], end + 1));
        }
        end += 2;
    }
}

fn value(line: &[u8], at: usize) -> Option<(&[u8], usize)> {
    match line.get(at)? {
        b'"' => string(line, at),
        b'{' | b'[' => nested(line, at).map(|end| (&b""[..], end)),
        _ => {
            let rest = &line[at..];
            let length = rest.iter().position(|b| matches!(b, b',' | b'}' | b' ' | b']'))?;
            let word = &rest[..length];
            Some((if word == b"null" { b"" } else { word }, at + length))
        }
    }
}

/// Where an array or object is over; its depth costs no stack.
fn nested(line: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match line.get(at)? {
            b'"' => {
                at = string(line, at)?.1;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_among_others() {
        let line = br#"{"method":"GET","params":[{"key":"status","value":"} \" ]"},{"a":[1,{"b":2}]}],"status":500,"time":"2026-03-01T09:00:00.009Z", "duration_s" : 0.25,"meta.caller_id":"A#b","x":null,"level":null}"#;
        let fields = Fields::of(line).unwrap();
        assert_eq!(fields.text(Key::Status), "500");
        assert_eq!(fields.text(Key::Time), "2026-03-01T09:00:00.009Z");
        assert_eq!(fields.number(Key::DurationS), Some(0.25));
        assert_eq!(fields.text(Key::Caller), "A#b");
        assert_eq!((fields.get(Key::Level), fields.number(Key::GrpcMs)), (&b""[..], None));
        assert!(Fields::of(b"{}").is_some());
    }

    #[test]
    fn what_is_no_object_is_none() {
        for line in [
            &b""[..],
            b"{",
            b"[1]",
            b"{\"a\"",
            b"{\"a\":",
            b"{\"a\":\"b",
            b"{\"a\":\"b\\",
            b"{\"a\":[1",
            b"{\"a\":1",
            b"{\"a\" 1}",
            b"{a:1}",
            b"{\"a\":]}",
        ] {
            assert!(Fields::of(line).is_none(), "{}", String::from_utf8_lossy(line));
        }
        let deep = [b"{\"a\":".to_vec(), vec![b'['; 100_000]].concat();
        assert!(Fields::of(&deep).is_none());
    }
}
