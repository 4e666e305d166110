bind 'tcp://127.0.0.1:8080'
bind 'unix:///home/git/gitlab/tmp/sockets/gitlab.socket'
workers 2
