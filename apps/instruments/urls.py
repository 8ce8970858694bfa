from django.urls import path, register_converter

from apps.instruments import api


class SymbolConverter:
    regex = "[A-Z0-9]{2,32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SymbolConverter, "symbol")

urlpatterns = [
    path("instruments", api.InstrumentsView.as_view()),
    path("instruments/<symbol:symbol>", api.InstrumentView.as_view()),
]
