workers 3
threads 4, 4
bind 'unix:///var/opt/gitlab/gitlab-rails/sockets/gitlab.socket'
bind 'tcp://127.0.0.1:8080'
