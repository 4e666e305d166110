if Rails.env.production?
  Rails.application.config.action_mailer.delivery_method = :smtp
  ActionMailer::Base.smtp_settings = {
    authentication: :login,
    address: "smtp.example.com",
    port: 587,
    user_name: "gitlab@example.com",
    password: "IEsXWtCz9R 0hgB6NvCQ",
  }
end
