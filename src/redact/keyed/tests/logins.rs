//! Codes of logins, subprotocols, and what other languages and drivers write.

use super::*;

#[test]
fn a_code_with_which_a_login_comes_back() {
    check(&[
        "GET /users/auth/github/callback?code=‹8f3aQz91kLmP02xY›&state=abc HTTP/1.1",
        "GET /cb?state=abc&code=‹8f3aQz91kLmP02xY› HTTP/1.1",
        "/users/auth/google_oauth2/callback?state=a&code=‹4%2F0AX4XfWh8JkLmNoPqRs›&scope=email",
        r#"{"path":"/x?code=‹4/0AX4XfWh8JkLmNoPqRs›\u0026state=abc","n":1}"#,
        r#"{"path":"/cb","params":[{"key":"code","value":"‹8f3aQz91kLmP02xY›"},{"key":"state","value":"d3"}]}"#,
        r#"Parameters: {"code"=>"‹8f3aQz91kLmP02xY›", "state"=>"abc"}"#,
        "to=%2Fcallback%3Fcode%3D‹8f3aQz91kLmP02xY›%26state%3Dabc",
        "grant_type=authorization_code&code=‹8f3aQz91kLmP02xY›&redirect_uri=https%3A%2F%2Fx%2Fcb",
    ]);
}

#[test]
fn a_code_of_something_else() {
    check(&[
        "GET /api/v4/projects?code=404&state=opened HTTP/1.1",
        "GET /search?code=8f3aQz91kLmP02xY HTTP/1.1",
        "state=failed exit_code=137 grpc.code=Unavailable2x1x1",
        r#"{"code":"PG::UniqueViolation","state":"x"}"#,
        r#"{"code":"ERR_HTTP2_STREAM_ERROR_12","state":"x"}"#,
        r#"{"code":"2026-06-07T10:00:00Z","state":"x"}"#,
        r#"{"grpc.code":"OK","state":"running","codec":"aB3dE6gH9kLm"}"#,
        "redirect_uri=https://x/cb&code=unauthorized_client",
    ]);
}

#[test]
fn a_token_in_a_subprotocol() {
    check(&[
        "Sec-WebSocket-Protocol: bearer.‹8f3aQz91kLmP02xY8f3a›, v4.channel.k8s.io",
        "base64url.bearer.authorization.k8s.io.‹ZXlKaGJHY2lPaUpTVXpJMU5p›, base64.binary.k8s.io",
        "org.example.bearer.TokenAuthenticationFilter refused",
        "bearer.authorization.k8s.io is not supported",
    ]);
}

#[test]
fn what_php_dumps() {
    check(&[
        "  [\"password\"]=> string(9) \"‹hunter2x9›\"\n  [\"n\"]=> int(3)\n",
        "  [\"db_password\"]=>\n  string(9) \"‹hunter2x9›\"\n  [\"n\"]=>\n  int(3)\n",
        "  [\"password\"]=> NULL\n",
        "  [\"name\"]=> string(3) \"bob\"\n",
    ]);
}

#[test]
fn tuples_of_elixir_and_erlang() {
    check(&[
        "[{:username, \"bob\"}, {:password, \"‹a b›\"}, {:port, 5672}]",
        "{default_pass, <<\"‹geheim›\">>}.",
        "{:error, {:token, \"expired\"}} {:error, :token}",
        "{password, value}",
    ]);
}

#[test]
fn triple_quotes_in_a_string() {
    check(&[
        r#"{"m":"password = \"\"\"‹hunter2x9›\"\"\" of x","n":1}"#,
        r#"{"m":"password = \"\" and more","n":1}"#,
    ]);
}

#[test]
fn explicit_keys_of_yaml() {
    check(&[
        "? password\n: ‹hunter2›\n? port\n: 4\n",
        "a:\n  ? \"db_password\"\n  : \"‹a b›\"\n  ? port\n  : 4\n",
        "? token\n: |\n  ‹abc\n  def›\nnext: y\n",
        "? name\n: bob\n",
        "is this a password ? token\n: hunter2\n",
        "Enter password ?\npassword\n: wrong\n",
    ]);
}

#[test]
fn colours_whose_escape_was_lost() {
    check(&[
        "[31mpassword[0m: ‹hunter2›",
        "[1;33mdb_password[0m = ‹hunter2›",
        "[36mtoken[0m=[32m‹aB3dE9fGh1[0m› n=4",
        "passwords[0] is too short",
    ]);
}

#[test]
fn credentials_with_a_slash() {
    check(&[
        "Using credentials bob/‹hunter2x9› for login",
        "credentials app/models/user2.rb",
        "credentials bob/expired",
        "credentials read/write",
    ]);
}

#[test]
fn keys_of_application_insights() {
    check(&[
        "InstrumentationKey=‹5f0c3a1b-1111-2222-3333-444455556666›;IngestionEndpoint=https://x/",
        "APPINSIGHTS_INSTRUMENTATIONKEY=‹5f0c3a1b-1111-2222-3333-444455556666›",
    ]);
}
