external_url ENV['GITLAB_URL']
gitlab_rails['smtp_password'] = 'q1Sl7RsywEEPwqAkzSjP'
