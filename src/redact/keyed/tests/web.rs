//! Query strings, headers, cookies.

use super::*;

#[test]
fn query_strings() {
    check(&[
        "GET /x?private_token=‹abc›&page=2 HTTP/1.1",
        "GET /x?page=2&private_token=‹abc› HTTP/1.1",
        "\"GET /x?job_token=‹abc›\" 200",
        "/x?a=1&amp;token=‹abc›&amp;b=2",
        "/x?private_token=[FILTERED]&page=2",
        "https://x/y?next=%2Fz%3Fprivate_token%3D‹abc›%26page%3D2&q=1",
        "https://x/y?next=%252Fz%253Fprivate_token%253D‹abc›%2526page%253D2",
        "user%5Bpassword%5D=‹a%20b›&user%5Bname%5D=c",
        "user[password]=‹a+b›&user[name]=c",
        "password=‹x›&user=y",
        "password%3D‹hunter2›%26user%3Dx",
        "%22password%22%3A%22‹a%20b›%22%2C%22x%22",
        "https://x/?access_token=‹abc›#frag",
        "(https://x/?token=‹abc›)",
        "X-Amz-Signature=‹abc›&X-Amz-Date=1",
        "ref=\"https://x/?private_token=‹abc›\" ua=\"y\"",
    ]);
}

#[test]
fn headers() {
    check(&[
        "Authorization: Basic ‹dXNlcjpwYXNz›\r\nHost: x\r\n",
        "authorization: Bearer ‹abc.def-ghi›\n",
        "Authorization: Digest username=\"a\", response=\"‹b›\"\n",
        "Authorization: ‹abcdef›\n",
        "PRIVATE-TOKEN: ‹abc›\nAccept: */*\n",
        "X-Gitlab-Token: ‹a b›\n",
        "curl -H 'PRIVATE-TOKEN: ‹abc›' https://x",
        "curl --header \"Authorization: Bearer ‹abc›\" https://x",
        "HTTP_PRIVATE_TOKEN=‹abc›",
        "\"HTTP_AUTHORIZATION\"=>\"Basic ‹abc›\", \"X\"=>\"y\"",
        "\"Authorization\": [\"Basic ‹abc›\"]",
        "http.extraHeader: Authorization: Basic ‹abc›",
        "AUTHORIZATION: basic ‹abc=›",
        "proxy_set_header Authorization \"Basic ‹abc›\";",
        "proxy_set_header PRIVATE-TOKEN ‹abc›;",
        "proxy_set_header Authorization $http_authorization;",
        "Proxy-Authorization: Basic ‹abc›\n",
        "Authorization: [FILTERED]\n",
        "Authorization: Bearer [FILTERED]\n",
        "< WWW-Authenticate: Bearer realm=\"https://gitlab.example.com/jwt/auth\"",
        "DEBUG: Bearer ‹abcdefghij1234567890› sent",
        "Bearer token expired",
    ]);
}

#[test]
fn cookies() {
    check(&[
        "Set-Cookie: _gitlab_session=‹abc›; path=/; expires=Thu, 01 Jan 2026 00:00:00 GMT; HttpOnly\n",
        "Cookie: _gitlab_session=‹abc›; sidebar_collapsed=false; remember_user_token=‹x›\n",
        "\"Cookie\":\"theme=dark; _gitlab_session=‹abc›\",\"x\":1",
        "\"HTTP_COOKIE\"=>\"_gitlab_session=‹abc›; a=b\"",
        "\"Set-Cookie\"=>[\"_gitlab_session=‹abc›; path=/\"]",
        "_gitlab_session=‹abc›; path=/",
        "cookie = ‹abcdef›\n",
        "'_gitlab_session': '‹x›'",
    ]);
}
