"""News of the town: written by agents, read by families and visitors, told once to each."""

from portail.services.news.files import OpenedFile, open_attachment, open_picture
from portail.services.news.reading import article, important_news, mark_read, news, public_news
from portail.services.news.views import ArticleLine, ArticleView, NewsPage

__all__ = [
    "ArticleLine",
    "ArticleView",
    "NewsPage",
    "OpenedFile",
    "article",
    "important_news",
    "mark_read",
    "news",
    "open_attachment",
    "open_picture",
    "public_news",
]
