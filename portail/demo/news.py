"""News of the demo town, dated around today: some for all, some for a school or an activity."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlmodel import col, select

from portail import clock
from portail.adapters import pictures
from portail.adapters.uploads.verdicts import Kind, Sound
from portail.database import writing
from portail.demo.drawing import park
from portail.demo.pdf import pdf
from portail.domain.identity import Actor
from portail.domain.names import sign_in_key
from portail.domain.news import Draft, Targets
from portail.models import Account, Article, ArticleRead
from portail.services.agents import acting_agent
from portail.services.news.publishing import Published, publish_sound
from portail.settings import PARIS
from portail.texts.french import plain_day

EVERYONE = Targets()
AGENT, READER = "agent.enfance", "z-pinceau"
MORNING = time(8)
MENUS = "menus-de-la-cantine.pdf"
MENU_LINES = (
    "Lundi : lentilles à la tomate, riz, yaourt, pomme.",
    "Mardi : velouté de potiron, poisson du marché, carottes, poire.",
    "Jeudi : salade de betteraves, poulet rôti, purée, fromage blanc.",
    "Vendredi : taboulé, omelette, haricots verts, compote.",
)


@dataclass(frozen=True)
class DemoArticle:
    """An article, `days` after today it appears (before: negative), for so many days.

    `read`: Zoé has read it; `menus`, `drawn`: it comes with the menus, or the drawing of a park.
    """

    slug: str
    title: str
    summary: str
    body: str
    days: int
    lasts: int = 60
    targets: Targets = EVERYONE
    important: bool = False
    public: bool = False
    read: bool = False
    menus: bool = False
    drawn: bool = False


def _articles() -> tuple[DemoArticle, ...]:
    night = plain_day(clock.today() + timedelta(days=3))
    return (
        DemoArticle(
            "maintenance",
            "Le portail sera fermé une nuit, pour entretien",
            f"Dans la nuit du {night}, de 23 h à 5 h, ni réservation ni paiement ne seront "
            "possibles.",
            "Nous en profitons pour changer de machine. **Rien de ce que vous avez enregistré ne "
            "sera perdu.**\n\n"
            "## Ce qu’il faut faire\n\n"
            "- Enregistrez avant 23 h les réservations dont la date limite tombe cette nuit-là.\n"
            "- Une facture à payer ce jour-là peut l’être le lendemain, sans frais.\n\n"
            "En cas d’urgence le matin, le service enfance répond au téléphone dès 7 h 30.",
            days=-1,
            lasts=5,
            important=True,
            public=True,
        ),
        DemoArticle(
            "entree-jean-vilar",
            "École Jean-Vilar : l’entrée se fait rue Pascal",
            "Pendant les travaux de la grille, les enfants entrent et sortent par la petite porte, "
            "rue Pascal.",
            "La grille de la cour est remplacée. Les travaux durent **trois semaines**, pendant "
            "les heures de classe seulement.\n\n"
            "1. Le matin, la porte ouvre à 8 h 20.\n"
            "2. Le soir, un animateur vous attend devant la porte jusqu’à 18 h 30.\n\n"
            "Les poussettes passent par la cour de l’école élémentaire.",
            days=-2,
            lasts=21,
            targets=Targets(schools=("École maternelle Jean-Vilar",)),
        ),
        DemoArticle(
            "fete-des-jeux",
            "La fête des jeux revient au parc",
            "Jeux en bois, ateliers et goûter : un après-midi pour toutes les familles, gratuit et "
            "sans réservation.",
            "De **14 h à 18 h**, au parc des Hautes-Bruyères. En cas de pluie, la fête se tient au "
            "gymnase.\n\n"
            "### Au programme\n\n"
            "- jeux géants en bois, dès 3 ans ;\n"
            "- fabrication de cerfs-volants ;\n"
            "- goûter offert par la ville.\n\n"
            "Les plus petits restent avec un adulte. Pour venir : [les lignes de bus]"
            "(https://www.iledefrance-mobilites.fr/).",
            days=-6,
            public=True,
            drawn=True,
        ),
        DemoArticle(
            "menus",
            "Les menus de la cantine du mois",
            "Deux repas végétariens par semaine, du pain bio chaque jour, et les fruits de saison.",
            "Les menus sont préparés à la cuisine centrale. Un enfant qui a un projet d’accueil "
            "individualisé (PAI) a le repas prévu avec vous : rien ne change pour lui.\n\n"
            "Le document est à télécharger ci-dessous. Une absence ? "
            "[Prévenez-nous](/planning/absence) : la cuisine commande les repas deux jours avant.",
            days=-9,
            public=True,
            menus=True,
            read=True,
        ),
        DemoArticle(
            "mercredi-piscine",
            "Mercredis : la piscine reprend",
            "Maillot, bonnet et serviette dans un sac à son nom, chaque mercredi.",
            "Les groupes partent à 9 h 30 et rentrent pour le repas. Les enfants qui ne se "
            "baignent pas ont un autre atelier.",
            days=-12,
            targets=Targets(
                activities=("3_MERCREDI_MATIN_MAT", "5_MERCREDI_JOURNEE_MAT", "1_MATIN_MAT")
            ),
            read=True,
        ),
        DemoArticle(
            "bientot-le-cp",
            "Grande section : bientôt le CP",
            "Une rencontre avec les maîtresses de CP, pour les parents et les enfants de grande "
            "section.",
            "Vous visiterez la classe, la cour et la cantine des grands. Aucune inscription n’est "
            "nécessaire.",
            days=-15,
            targets=Targets(levels=("GS",)),
            read=True,
        ),
        DemoArticle(
            "rentree",
            "Bonne rentrée à toutes et à tous",
            "Les horaires des écoles et des accueils pour l’année.",
            "Les accueils du matin ouvrent à 7 h 30, ceux du soir ferment à 18 h 30.",
            days=-80,
            lasts=30,
            public=True,
        ),
        DemoArticle(
            "vacances-prochaines",
            "Vacances : les inscriptions vont ouvrir",
            "Le programme des centres de loisirs sera en ligne dans quelques jours.",
            "Vous pourrez inscrire vos enfants depuis « Inscriptions ».",
            days=7,
            public=True,
        ),
    )


def build() -> None:
    """Publish them, as if it had been done on their day."""
    agent = acting_agent(AGENT)
    assert agent is not None  # noqa: S101  (built just before)
    with tempfile.TemporaryDirectory() as folder:
        for one in _articles():
            _publish(one, agent, Path(folder))


def _publish(one: DemoArticle, agent: Actor, folder: Path) -> None:
    day = clock.today() + timedelta(days=one.days)
    from_ = datetime.combine(day, MORNING, PARIS)
    draft = Draft(
        slug=one.slug,
        title=one.title,
        summary=one.summary,
        body=one.body,
        from_=from_,
        until=datetime.combine(day + timedelta(days=one.lasts), time.min, PARIS),
        targets=one.targets,
        important=one.important,
        public=one.public,
        picture_alt="Dessin : des cerfs-volants au-dessus d’un parc" if one.drawn else "",
    )
    picture = pictures.for_pages(park(folder)) if one.drawn else None
    made = publish_sound(agent, draft, picture, [(MENUS, _menus(folder))] if one.menus else [])
    if not isinstance(made, Published):
        raise RuntimeError(made.problems)  # noqa: TRY004
    with writing() as session:
        row = session.get_one(Article, made.number)
        row.created_at = row.changed_at = min(from_, clock.now())
        # families were told on its day: none has eight mails on the first day of the demo
        row.told_at = from_ if from_ <= clock.now() else None
        session.add(row)
        if one.read:
            reader = select(Account.id).where(col(Account.user_name_key) == sign_in_key(READER))
            session.add(
                ArticleRead(
                    account_id=session.exec(reader).one() or 0,
                    article_id=made.number,
                    read_at=from_ + timedelta(hours=2),
                )
            )


def _menus(folder: Path) -> Sound:
    content = pdf("Restauration scolaire : les menus", MENU_LINES)
    path = folder / MENUS
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Sound(Kind.PDF, "application/pdf", "pdf", path, digest, len(content))
