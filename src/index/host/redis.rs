//! Redis's `INFO`.

use super::super::{
    docs::{Doc, Docs},
    place::Place,
};

/// Its lines, asked for by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redis {
    doc: Doc,
}

/// The output of `INFO`, if it is one.
pub(super) fn read(docs: &Docs) -> Option<Redis> {
    let doc = docs.get("redis/info")?;
    doc.value("redis_version").map(|_| Redis { doc: doc.clone() })
}

impl Redis {
    /// A field's text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.doc.value(name)
    }

    /// A field's number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.text(name)?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Where a field stands.
    pub fn place(&self, name: &str) -> Option<Place> {
        self.doc.line_with(name).map(|(number, line)| self.doc.place(number, line))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn fields_by_name() {
        let redis = read(&docs(&[("redis/info", "# Server\r\nredis_version:7.2.4\r\nevicted_keys:12\r\n")]));
        let redis = redis.unwrap();
        assert_eq!(
            (redis.number("evicted_keys"), redis.place("evicted_keys").unwrap().line),
            (Some(12.0), 3)
        );
        assert_eq!(redis.text("evicted"), None);
        assert!(read(&docs(&[("redis/info", "Could not connect to Redis")])).is_none());
    }
}
