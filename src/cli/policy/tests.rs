//! Each key is read, and joined with what is typed so that the stricter counts.

use clap::Parser as _;

use super::*;

fn policy(text: &str) -> Policy {
    Policy::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn typed(options: &str) -> args::Collect {
    let words = ["glsos", "collect"].into_iter().chain(options.split_whitespace());
    let args::Command::Collect(collect) = args::Cli::try_parse_from(words).unwrap().command else { panic!() };
    *collect
}

fn now() -> Timestamp {
    "2026-03-10T00:00:00Z".parse().unwrap()
}

fn joined(text: &str, options: &str) -> args::Collect {
    policy(text).collect(&typed(options), now()).unwrap()
}

#[test]
fn every_key_is_read_as_its_example_shows() {
    let all: String = keys::KEYS.iter().map(|key| format!("{} = {}\n", key.name, key.example)).collect();
    let policy = policy(&all);
    assert_eq!(policy.keys, keys::KEYS.iter().map(|key| key.name).collect::<Vec<_>>());
    let told = policy.told();
    assert!(told.contains("redact-patterns") && !told.contains("CUST"), "{told}");
    assert_eq!(policy.digest.len(), 64);
    assert_eq!(self::policy("").told(), "/etc/glsos/policy.toml holds: nothing");
}

#[test]
fn what_is_removed_is_what_either_says() {
    let both = joined(
        "hide = [\"email\"]\nredact-values = [\"/etc/v\"]\nredact-patterns = ['b+']\nskip = [\"crashes\", \"time\"]",
        "--hide ip --redact-value mine --redact-pattern a+ --skip time",
    );
    let kinds: Vec<_> = both.redaction.hide.iter().flat_map(|hide| &hide.0).map(|kind| kind.name()).collect();
    assert_eq!(kinds, ["ip", "email"]);
    assert_eq!(both.redaction.redact_value, [PathBuf::from("mine"), PathBuf::from("/etc/v")]);
    assert_eq!(both.redaction.redact_pattern, ["a+", "b+"]);
    let skip: Vec<_> = both.skip.iter().map(ToString::to_string).collect();
    assert_eq!(skip, ["time", "crashes"]);
}

#[test]
fn the_smaller_limit_counts_whoever_set_it() {
    let text = "max-log = \"20MiB\"\nmax-bundle = \"40MB\"\ntimeout = \"30m\"";
    let limits = |options: &str| {
        let typed = joined(text, options);
        (typed.max_log.0, typed.max_bundle.0, typed.timeout.map(|timeout| timeout.as_secs()))
    };
    let policys = (Some(20 << 20), Some(40_000_000), Some(1800));
    assert_eq!(limits(""), policys);
    assert_eq!(limits("--max-log none --max-bundle none --timeout 2h"), policys);
    let tighter = (Some(1 << 20), Some(2_000_000), Some(60));
    assert_eq!(limits("--max-log 1MiB --max-bundle 2MB --timeout 1m"), tighter);
    let without = policy("").collect(&typed("--max-log none"), now()).unwrap();
    assert_eq!((without.max_log.0, without.timeout), (None, None));
}

#[test]
fn no_line_is_older_than_the_policy_allows() {
    let since = |options: &str| joined("since = \"2d\"", options).since.before(now()).to_string();
    assert_eq!(since("--since 100y"), "2026-03-08T00:00:00Z");
    assert_eq!(since("--since 90m"), "2026-03-09T22:30:00Z");
    assert_eq!(since("--since 2020-01-01T00:00:00Z"), "2026-03-08T00:00:00Z");
    assert_eq!(since("--since 2026-03-09T00:00:00Z"), "2026-03-09T00:00:00Z");
}

#[test]
fn what_is_forbidden_is_an_error_that_names_the_policy() {
    for (key, option) in
        [("keep-value", "--keep-value f"), ("without-known-secrets", "--without-known-secrets")]
    {
        let error = policy(&format!("{key} = false")).collect(&typed(option), now()).unwrap_err();
        assert!(error.message.contains(PATH) && error.message.contains(key), "{error}");
        assert!(policy(&format!("{key} = false")).collect(&typed(""), now()).is_ok());
        assert!(policy(&format!("{key} = true")).collect(&typed(option), now()).is_ok());
    }
}

#[test]
fn what_is_not_understood_is_refused_and_no_value_is_shown() {
    for (text, why) in [
        ("hide = \"ip\"", "`hide`: a list of texts in brackets"),
        ("hide = [\"pet-hunter2\"]", "a kind is one of"),
        ("redact-pattern = ['x']", "there is no key `redact-pattern`; those are hide,"),
        ("redact-patterns = ['hunter2(']", "`redact-patterns`: one of them is not understood"),
        ("redact-patterns = [7]", "each of the list is a text in quotes"),
        ("redact-values = [\"hunter2\"]", "a path begins with `/`"),
        ("never-take = [\"hunter2\"]", "a path begins with `/`"),
        ("max-log = \"none\"", "a size is expected"),
        ("max-log = 20", "a text in quotes is expected"),
        ("max-bundle = \"1kB\"", "a bundle needs at least"),
        ("keep-value = \"no\"", "true or false is expected"),
        ("skip = [\"/\"]", "neither COLLECTOR nor COLLECTOR/SOURCE"),
        ("# a comment\nhide = hunter2", "line 2 is not TOML"),
        ("timeout = \"1m\"\ntimeout = \"1h\"", "line 2 is not TOML, or a key stands there twice"),
    ] {
        let Err(error) = Policy::parse(text.as_bytes()) else { panic!("{text} was understood") };
        assert!(error.message.starts_with(PATH) && error.message.contains(why), "{text}: {error}");
        assert!(!error.message.contains("hunter2"), "{text}: {error}");
    }
    assert!(Policy::parse(b"\xff").is_err());
}
