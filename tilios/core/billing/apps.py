from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "tilios.core.billing"
    label = "billing"
