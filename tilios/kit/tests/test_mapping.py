import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilios.kit.mapping import LEAST, PERSON_FIELDS, Field, guess


def fields_of(header, separator=","):
    return [found.field for found in guess(header.split(separator))]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "nom_adh,prenom_adh,email_adh,adresse_adh,cp_adh,ville_adh,ddn_adh",
            ["family_name", "given_name", "email", "street", "postcode", "town", "birth_date"],
        ),
        (
            "pays_adh,tel_adh,gsm_adh,pseudo_adh,societe_adh,info_adh,login_adh,date_echeance",
            ["country", "phone", "mobile", "nickname", "organisation", "note", None, None],
        ),
        (
            "Nom,Prénom,Adresse,Code Postal,Ville,Téléphone,Adresse mail,Date de naissance,Date d’adhésion",
            ["family_name", "given_name", "street", "postcode", "town", "phone", "email", "birth_date", "joined_on"],
        ),
        (
            "NOM,PRENOM,E-MAIL *,TEL. PORTABLE,Né(e) le,CP,COMMUNE",
            ["family_name", "given_name", "email", "mobile", "birth_date", "postcode", "town"],
        ),
        (
            "First Name,Last Name,E-mail Address,Mobile Phone,Home City,Birthday",
            ["given_name", "family_name", "email", "mobile", "town", "birth_date"],
        ),
        ("firstName,lastName,zipCode", ["given_name", "family_name", "postcode"]),
        ("Nom complet,Courriel,Remarque,Groupe(s)", ["display_name", "email", "note", "groups"]),
        ("Nom adhérent,Prénom adhérent,Email payeur,N° de tél.", ["family_name", "given_name", "email", "phone"]),
        ("prenmo,emial,telephonne,adress", ["given_name", "email", "phone", "street"]),
    ],
)
def test_headers_of_common_exports_find_their_fields(header, expected):
    assert fields_of(header) == expected


def test_headers_that_only_look_alike_find_nothing():
    assert (
        fields_of("Nom du responsable,Lieu de naissance,Adresse de facturation,Date,,Ville de naissance") == [None] * 6
    )


def test_the_surest_column_has_the_field():
    first, second, third = guess(["Email 2", "e-mial", "Email"])
    assert (first.field, second.field) == (None, None)
    assert (third.field, third.confidence) == ("email", 1.0)
    assert fields_of("id_adh,nom_adh,num_adh") == [None, "family_name", "number"]


def test_confidence_tells_a_name_from_a_guess():
    exact, typo = guess(["Ville", "Code pstal"])
    assert exact.confidence == 1.0
    assert LEAST <= typo.confidence < 1.0
    assert typo.field == "postcode"


def test_fields_of_another_kind():
    fields = (Field.of("title", "titre, question"), Field.of("closes_on", "date limite, fin"))
    assert [found.field for found in guess(["Fin", "Titre :", "Auteur"], fields)] == [
        "closes_on",
        "title",
        None,
    ]


@given(
    st.lists(
        st.sampled_from([s for field in PERSON_FIELDS for s in field.synonyms]) | st.text(max_size=20), max_size=30
    )
)
def test_each_column_gets_an_answer_and_no_field_is_given_twice(header):
    found = guess(header)
    assert [(f.column, f.header) for f in found] == list(enumerate(header))
    given_fields = [f.field for f in found if f.field]
    assert len(given_fields) == len(set(given_fields))
    assert all((f.confidence >= LEAST) == (f.field is not None) for f in found)


def test_no_two_fields_share_a_synonym():
    seen = {}
    for field in PERSON_FIELDS:
        for name in field.known:
            assert seen.setdefault(name, field.name) == field.name
