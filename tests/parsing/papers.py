"""Papers that come with applications and are no CV, written here for tests; a bar ends a line. The texts of letters stand in `letters`."""

from __future__ import annotations


def paged(*texts: str) -> tuple[str, ...]:
    """Return texts whose lines are parted by bars as a reader gives them."""
    return tuple(text.replace("|", "\n") for text in texts)


CERTIFICATES = paged(
    "SARL Petitjean|12 zone du Lac, 74000 Annecy||CERTIFICAT DE TRAVAIL||Je soussigné Paul Petitjean, gérant, certifie que Madame "
    "Camille Perret a travaillé dans notre société du 3 mars 2015 au 30 juin 2018 en qualité de cheffe de projet.|Elle nous quitte "
    "libre de tout engagement.||Fait à Annecy, le 30 juin 2018",
    "ATTESTATION DE FORMATION||L'organisme Cap Métiers atteste que Nadia BELHADJ a suivi l'action de formation « Accessibilité des "
    "sites web » du 4 au 6 mai 2024, soit 21 heures.|Résultat de l'évaluation : objectifs atteints.",
    "Université Grenoble Alpes|RELEVÉ DE NOTES ET RÉSULTATS|Année 2016/2017 – Session 1|PERRET Camille|Master 2 Informatique|UE 1 "
    "Algorithmique 14,5 / 20 6 crédits|UE 2 Bases de données 12 / 20 6 crédits|UE 3 Langues : anglais 16 / 20 3 crédits|UE 4 Stage "
    "15 / 20|Moyenne générale 14,1 Admise",
    "RÉPUBLIQUE FRANÇAISE|Ministère de l'Enseignement supérieur|UNIVERSITÉ DE NANTES|DIPLÔME DE LICENCE|Vu le code de l'éducation "
    "; vu le procès-verbal du jury attestant que l'intéressée a satisfait au contrôle des connaissances,|le diplôme de licence de "
    "droit est délivré à Mme Nadia Belhadj, au titre de l'année universitaire 2011-2012.|Le président",
    "Madame, Monsieur,||J'ai encadré Camille Perret pendant trois ans au sein de mon équipe. Elle a fait preuve de rigueur et d'un "
    "sens rare du collectif.|Je la recommande sans réserve pour tout poste de conduite de projet.||Veuillez agréer, Madame, "
    "Monsieur, mes salutations distinguées.||Paul Petitjean, directeur",
    "Lettre de recommandation||À qui de droit,||M. Hugo Wagner a effectué son stage de fin d'études dans notre laboratoire en "
    "2023. Son autonomie nous a surpris.|C'est avec plaisir que nous appuyons sa candidature.||Pr Anne Schaeffer|"
    "a.schaeffer@example.org",
    "CERTIFICAT DE SCOLARITÉ|Année universitaire 2026-2027|Le directeur certifie que l'étudiante LINH NGO est inscrite en BUT "
    "Informatique, 2e année.|Ce document est remis à l'intéressée pour servir et valoir ce que de droit.",
    "ATTESTATION D'EMPLOYEUR|Nous soussignés, Mairie de Plougastel, attestons que M. Yacine Roux est employé dans nos services "
    "depuis le 1er février 2020 comme agent d'accueil, en contrat à durée indéterminée.",
    "Attestation de réussite au diplôme|Le jury réuni le 4 juillet 2019 a déclaré admise Mme Zoé Petit au diplôme national de BTS "
    "Communication, mention bien.",
    "TITRE PROFESSIONNEL|Développeur web et web mobile|Niveau 5|Délivré à : Bastien Roux|Date de la session : 12 décembre 2022|Le "
    "responsable de session",
    "LYCÉE AMPÈRE|BULLETIN DU 2e TRIMESTRE|Classe : Terminale|Mathématiques 15,2 Bon trimestre|Philosophie 11,0 Peut mieux faire|"
    "Moyenne générale 13,4|Appréciation du conseil de classe : félicitations",
    "opquast|Certificat n° ABC-12|François Pfister a obtenu la certification Maîtrise de la qualité en projet web|Score : 865 / "
    "1000|Date d'obtention : 3 février 2025",
    "Certificate of Completion||This certificate is presented to|Priya Iyer|for completing the course Introduction to Machine "
    "Learning|12 March 2024",
    "THE UNIVERSITY OF LEEDS||It is hereby certified that|Tom Ashby|having fulfilled all the requirements was admitted to the "
    "degree of|Bachelor of Science|with First Class Honours in Computer Science|14 July 2018|Registrar",
    "OFFICIAL ACADEMIC TRANSCRIPT|Student: Adaeze Eze|Programme: BA Politics|Fall 2014|POL101 Introduction to Politics 3.0 A-|"
    "ECO110 Microeconomics 3.0 B+|Spring 2015|LAN120 Languages: French 3.0 A|Cumulative GPA 3.61|Qualifications awarded 2017",
    "To whom it may concern||Priya Iyer worked under my supervision as a junior analyst from February 2021 until April 2023. She "
    "proved to be an able and honest colleague, and we were sorry to lose her.|I strongly recommend her for any analytical post.||"
    "Yours faithfully|Grace Turner, Head of Data",
    "Dear Sir or Madam,||Mr Ashby was employed by my firm for five years. His work was of a high standard and he trained many of "
    "our staff. He would be an asset to any employer.|I will be happy to provide further information.||Sincerely,|Marcus Dlamini",
    "EMPLOYMENT VERIFICATION||This letter is to confirm that Ms Zainab Petrov has been employed at Kestrel Energy since 4 May 2020 "
    "as a systems administrator on a permanent basis.||HR Department",
    "Proof of enrolment|University of York|We confirm that Liam Chen is registered as a full-time student on the programme BSc "
    "Computer Science.",
    "IELTS Test Report Form|Candidate: Mateo Montoya|Listening 8.0 Reading 7.5 Writing 7.0 Speaking 7.5|Overall Band Score 7.5|"
    "Date 12/06/2025",
    "Arbeitszeugnis / Reference|We hereby confirm that Lars Sørensen worked with us from 1 March 2018 to 31 May 2021 as a network "
    "technician. He carried out his duties to our full satisfaction.",
    "coursera|Mar 12, 2024|Priya Iyer|has successfully completed|Machine Learning Foundations|an online non-credit course "
    "authorized by Westmarch University and offered through Coursera",
    "AWS Certified Solutions Architect – Associate|Awarded to|Tomasz Wójcik|Validation number 83HF|Issue date 2023-05-02 "
    "Expiration date 2026-05-02",
    "ATTESTATION DE STAGE|ORGANISME D'ACCUEIL Vigie Énergies|LE STAGIAIRE Nom : Ngo Prénom : Linh|Intitulé de la formation : BUT "
    "Informatique|DURÉE DU STAGE du 02/04/2025 au 20/06/2025",
    "ATTESTATION SUR L'HONNEUR|Je soussigné Hugo Wagner, demeurant à Nancy, atteste sur l'honneur être à jour de mes obligations.",
    "ACADÉMIE DE LYON|BACCALAURÉAT GÉNÉRAL|RELEVÉ DE NOTES|Session 2019|Philosophie 12 Mathématiques 17 Histoire-géographie 14|"
    "MENTION BIEN",
    "TOEIC Listening and Reading|Official Score Certificate|Name: ROUX YACINE|Test date 2024/03/09|Listening 465 Reading 440 Total "
    "score 905",
    "Préfecture de la Meuse|État des services accomplis|Mme Petit Noémie|Adjointe administrative du 01/09/2008 au 31/08/2014|"
    "Secrétaire administrative du 01/09/2014 au 31/12/2022|Fait pour valoir ce que de droit",
    "Hôpital Saint-Vincent – Direction des ressources humaines||Je, soussignée Anne Tessier, directrice, certifie que Mme Soizic "
    "Pfister a exercé les fonctions de secrétaire médicale du 4/01/2010 au 30/09/2016.",
    "Monsieur,||C'est avec enthousiasme que je vous recommande Zoé Petit, qui fut mon apprentie de 2021 à 2023. Curieuse et "
    "fiable, elle a rapidement gagné la confiance des usagers.|Elle saura vous apporter autant qu'elle nous a apporté.||Bien à "
    "vous,|Didier Roux",
    "Reference for Eleanor Turner||Dear Admissions Committee,||I taught Eleanor for two years and supervised her dissertation. She "
    "ranks in the top five per cent of the students I have met. I support her application warmly.||Yours sincerely,|Dr L. van Dijk",
    "UNIVERSITÉ DE LIÈGE|Attestation d'inscription|Année académique 2025-2026|Le soussigné certifie que Nadia Belhadj est "
    "régulièrement inscrite",
    "Diploma|The Rector of the University of Westmarch confers on|Anouk Baptiste|the degree of Master of Arts in Service Design|"
    "Given under seal this 1st day of July 2020",
    "Certificat de compétences professionnelles|CCP 1 : Administrer un réseau|Délivré le 12/06/2021 par le ministère chargé de "
    "l'emploi à M. Bastien Roux",
    "SNCF – Certificat individuel de formation|Habilitation électrique B1V|Nom : Le Bihan|Valable jusqu'au 12/2027",
    "Mairie de Plougastel|Attestation|Le maire atteste que Mme Lilou Tessier a assuré l'encadrement des séjours d'été en juillet "
    "2022 et juillet 2023.|Fait à Plougastel",
    "CONSERVATOIRE NATIONAL DES ARTS ET MÉTIERS|Certificat d'établissement|Web designer|Obtenu par Amandine Vasseur-Lamy le 7 "
    "novembre 2023|Niveau 6 – 40 crédits",
    "Google|Career Certificates|Oct 4, 2022|Joaquín Chen|has successfully completed the online, non-credit Professional "
    "Certificate|Google UX Design",
    "Cher collègue,||Ousmane Ghezali a passé deux années dans mon service. Je n'ai que des louanges à son sujet : il est ponctuel, "
    "drôle et tenace. Je vous le recommande chaudement.||Amitiés,|Valérie Poirier",
    "To the selection panel||I am pleased to write on behalf of Ravi Campbell, who reported to me for three years. He rebuilt our "
    "intake process and trained eight people. His colleagues trust him. He has my full support.||Regards,|I. Lindqvist",
    "IUT de Vannes|Relevé de notes – semestre 3|Nguyen Van Linh|R3.01 Développement web 13,50|R3.02 Bases de données 15,00|SAÉ "
    "3.01 16,00|Rang 12/86",
    "University of Glasgow|Transcript of academic record|Name: Hamish Reid|LAW1001 Jurisprudence B2 20|LAW2004 Contracts A4 20",
    "Kestrel Energy Ltd|Letter of employment||This letter confirms that Nadia Petrov worked as a contracts manager from May 2017 "
    "to July 2021. She left of her own accord.",
    "RÉPUBLIQUE FRANÇAISE|BREVET DE TECHNICIEN SUPÉRIEUR|Le recteur de l'académie de Dijon délivre à M. Edgar Duprat le brevet de "
    "technicien supérieur, spécialité services informatiques aux organisations, session 2018",
    "TCF – Test de connaissance du français|Attestation de résultats|Oluwaseun Eze|Compréhension orale 512 C1|Expression écrite 14/20",
    "Le Directeur de l'École de design certifie que|Madame Capucine Roux|a satisfait aux épreuves du diplôme de designer en "
    "innovation sociale|Promotion 2021",
    "CERTIFICAT MÉDICAL D'APTITUDE|Je soussigné Dr Blanc certifie que M. Petit est apte au poste de conducteur",
    "Attestation employeur|Nous attestons que M. Mathurin Le Bihan fait partie de nos effectifs depuis le 2 mai 2019 au poste de "
    "technicien réseaux.",
    "CERTIFICATE OF EMPLOYMENT|This certifies that Rhys Novak has been with Cobalt Pay since 2020 as a product manager. Issued "
    "upon request.",
    "PROFESSIONAL SCRUM MASTER I|Scrum.org certifies that|Ghislaine Boyer|has demonstrated a fundamental level of mastery|Date of "
    "certification 12 Jan 2022",
    "RELEVE DE NOTES|Licence 3 Informatique|semestre 5|Algorithmique 12.5|Reseaux 14|resultat ADMIS",
    "Dear colleagues,||I have had the privilege of managing Chiamaka Eze for four years. She is thoughtful, quick and kind, and I "
    "would hire her again tomorrow. Please do call me if you need anything more.||Kind regards,|Hamish MacLeod",
    "Madame,||Monsieur Tristan Ngo a été mon collaborateur au cabinet de 2019 à 2024. Son jugement est sûr, sa plume est claire. "
    "Je soutiens chaleureusement sa démarche.||Veuillez agréer, Madame, mes hommages.|Maître Schaeffer",
    "DALF C1|Diplôme approfondi de langue française|Délivré à Zainab Al-Rashid|Compréhension de l'oral 21/25",
    "CERTIFICAT DE TRAVAIL|Nous, Transports Huguenin SA, certifions avoir employé M. Edgar Petit du 1er mars 2010 au 31 mai 2016 "
    "en qualité de conducteur.",
    "Université de Strasbourg|Attestation de réussite|Mme Ariane Wagner a obtenu le master Administration publique, session de "
    "juin 2020, mention bien",
    "Formation « Management visuel »|Attestation de fin de formation remise à Bastien Oliveira|Durée : 14 heures",
    "Certificate of Attendance|Civic Loom Conference 2024|Awarded to Harriet Turner",
    "Relevé de notes|Étudiante : Noémie Boyer|Semestre 1 : 13,2|Semestre 2 : 14,8|Crédits ECTS validés : 60",
    "TRANSCRIPT OF RECORDS|Institution: TU Delft|Student: Lars de Vries|Course Grade ECTS|Algorithms 8 6|Design 7.5 4",
    "Madame, Monsieur,|Je recommande vivement Mme Séverine Poirier, assistante de direction à mes côtés durant sept ans. "
    "Organisée, loyale, elle anticipe tout.|Je reste à votre disposition.|Cordialement,|P. Delacroix",
    "LETTER OF RECOMMENDATION||Dear Admissions Team,||Mateo worked in my lab for eighteen months. He is the most careful "
    "experimentalist I have supervised.||Yours faithfully,|Prof. Raghunathan",
    "Diplôme universitaire|Données et santé|Le président de l'université, vu les délibérations du jury, délivre à Kamel Traoré le "
    "présent diplôme",
    "EMPLOYER REFERENCE|Name of employee: Yuki Tanaka|Dates of employment: 2018 to 2022|Post held: Content editor|Would you re-employ? Yes",
)
PORTFOLIOS = paged(
    "PORTFOLIO|Zoé Ben Salah|Designer d'interface|2026||Projet 1|Refonte du site de la ville|Contexte : un site vieillissant|Mon "
    "rôle : recherche et maquettes|Résultat : deux fois moins d'appels||Projet 2|Application de covoiturage|Contexte : zone rurale|"
    "Mon rôle : prototypage|Résultat : 300 inscrits",
    "Léa Marchand – Book||Affiche pour le festival des écluses|Impression deux couleurs, 40 x 60 cm||Identité visuelle de la "
    "boulangerie Lune|Logotype, sachets, enseigne||Pictogrammes pour un hôpital",
    "Book 2026|Photographe|reportage, portrait, architecture|© Tous droits réservés",
    "Mes réalisations||Cartographie interactive des fontaines|Outils : Leaflet, Vue|Année : 2022|Voir le projet||Tableau de bord "
    "des écoles|Outils : R, Shiny|Année : 2024|Voir le projet",
    "Étude de cas n° 1 : le carnet de vaccination|Problème|Les familles perdaient le carnet.|Démarche|Douze entretiens, trois "
    "ateliers.|Solution|Un carnet en ligne.|Résultats|Quatre familles sur cinq.||Étude de cas n° 2 : la cantine|Problème|Des "
    "inscriptions sur papier.|Démarche|Observation au guichet.|Solution|Un formulaire court.|Résultats|Deux jours gagnés.",
    "Selected works 2021–2026|Anouk de Vries||Greenway wayfinding system|Client: City of Aldwick|Role: lead designer|Tools: Figma, "
    "Illustrator||OpenTransit timetable app|Client: OpenTransit|Role: UI designer|Tools: Sketch",
    "Harriet Ashworth|UX Portfolio||Case study: renewing a licence|The challenge|Six forms, four logins.|My role|Research and "
    "prototyping in a team of five.|Process|Interviews, wireframes, usability testing.|Outcome|One form, one login.||Case study: "
    "the bereavement journey|The challenge|Eleven letters.|My role|Service design.|Outcome|Two letters.",
    "Design portfolio|hello@example.net||Project 01 — Tidewater|Rebranding an insurer|Project 02 — Quill|A type specimen|Project "
    "03 — Redwood|Signage for a library||Thank you for viewing",
    "Work samples|Eleanor Campbell-Reid, content designer||1. Before and after: a tax letter|Before|412 words, reading age 19|"
    "After|136 words, reading age 11||2. Before and after: a fines notice|Before|280 words|After|90 words",
    "PORTFOLIO DE PROJETS|Ingénierie de données||Projet n°1 : entrepôt des marchés publics|Besoin : un catalogue unique|Technique "
    ": dbt, DuckDB|Projet n°2 : appariement d'entreprises|Besoin : dédoublonner|Technique : Python",
    "LÉO CAUMARTIN|photographies 2020 – 2026||Les docks, 2020|Tirage argentique 30 x 40||Visages du marché, 2023|Tirage numérique "
    "50 x 70||Portfolio complet sur demande",
    "Projets choisis||01 Borne d'accueil pour aveugles|Équipe : 4 personnes|Durée : 5 mois|Outils : Arduino, Figma||02 Carnet de "
    "liaison numérique|Équipe : 2 personnes|Durée : 3 mois|Outils : Vue, Figma",
    "A portfolio of writing|Wendy Fairweather||Speech for the harbour opening, 2022|Newsletter: winter edition, 2023|Leaflet on "
    "flood insurance, 2024",
    "Ines Okonkwo|Product design portfolio 2026|Contents|1 Ferry tickets|2 Library fines|3 About me||Ferry tickets|Problem|Queues "
    "of forty minutes.|What I did|Shadowed clerks for a week.|Impact|Queues of eight minutes.|Library fines|Problem|Fines nobody "
    "paid.|What I did|Removed them.|Impact|Books came back.",
    "Dossier de projets – Architecture d'intérieur|Projet A : un cabinet dentaire|Surface 120 m2|Maître d'ouvrage : privé|Projet B "
    ": une crèche|Surface 300 m2|Maître d'ouvrage : ville",
    "Séverine Roux, designer de services|Portfolio 2023—2026||Sommaire|Un guichet pour les aidants|Le dossier médical partagé||Un "
    "guichet pour les aidants|Le contexte : quatre caisses, quatre formulaires|Ce que j'ai fait : journal de bord, prototypes "
    "papier|Ce qui a changé : un formulaire||Le dossier médical partagé|Le contexte : une refonte|Ce que j'ai fait : tests|Ce qui "
    "a changé : 2 clics",
    "SELECTED PROJECTS|Dmitri Petrov, data visualisation||Flood map of the Tern valley|Process: QGIS, D3|Result: front page of the "
    "Herald||Twenty years of bus fares|Process: R, ggplot2|Result: council debate",
    "Book graphique|Capucine Caumartin||Affiche – Nuit des musées|Commande de la ville d'Angers|Edition – Carnet de voyage|Projet "
    "personnel|Packaging – Confitures du Trégor|Commande privée",
    "Case study|Fewer letters, faster answers|Overview|The council sent 31 letters to each new tenant.|Research|I sat with the "
    "call centre for nine days.|Ideation|We sketched with clerks.|Solution|Four letters.|Impact|38% fewer calls.",
    "Mes projets de code||Projet 1 : Fontaines|Une carte des points d'eau.|https://github.com/exemple/fontaines|Projet 2 : Cantine|"
    "Un calcul de quotients.|https://github.com/exemple/cantine|Projet 3 : Météo|Une station.",
    "Portfolio|Linh Ngo||Projet 1 — Carnet|Projet 2 — Boussole|Projet 3 — Marée",
    "Kamel Zerrouki — réalisations 2024-2026||Site de la médiathèque|Rôle : intégration|Outils : Hugo||Extranet des aidants|Rôle : "
    "accessibilité|Outils : Vue",
    "UX CASE STUDIES|Aoife Ní Bhriain||01 Renewing a passport|My role: lead researcher|Timeline: 5 months|Outcome: 12% fewer "
    "errors||02 Booking a vaccine|My role: designer|Timeline: 3 weeks|Outcome: shipped",
    "Book – illustrations|Lilou Petit|Couverture du roman Les Marées|Carte de vœux, ville d'Angers",
    "PORTFOLIO 2026|Maïwenn Kerbrat, designer produit||Sommaire|1. Cap Solidaire|2. Opale Santé||Cap Solidaire|Contexte|Une "
    "collecte annuelle.|Mon rôle|Design et tests.|Résultats|+ 20 % de dons.||Opale Santé|Contexte|Un espace patient.|Mon rôle|"
    "Recherche.|Résultats|4,6 sur 5.",
    "Nadia Lindqvist|Illustration portfolio||The Tern, picture book, 2022|Herbarium, series of twelve, 2023|Ink and gouache",
    "Project 1: Ferry app|Role: UI|Year: 2023|Project 2: Tram map|Role: cartography|Year: 2024|Project 3: Kiosk|Role: prototyping|"
    "Year: 2025",
    "Mes réalisations graphiques|Solveig Roux|Affiches, logos, éditions|Festival des écluses – affiche 2024|Boulangerie Lune – logo 2023",
)
OTHERS = paged(
    "BULLETIN DE PAIE|Période du 01/09/2026 au 30/09/2026|Salaire de base 151,67 h 2 450,00|Cotisations salariales 548,12|Net à "
    "payer avant impôt 1 901,88|Congés payés acquis 2,5",
    "RELEVÉ D'IDENTITÉ BANCAIRE|Titulaire du compte : M. Hugo Wagner|IBAN FR76 3000 1000 0000 0000 0000 000|BIC AAAAFRPP|"
    "Domiciliation Nancy",
    "RÉPUBLIQUE FRANÇAISE|CARTE NATIONALE D'IDENTITÉ|Nom : PERRET|Prénom(s) : Camille|Date d'expir. 12 05 2031|Signature du titulaire",
    "PASSEPORT|Passport|Type P|Code du pays FRA|Nom / Surname ROUX|Prénoms / Given names YACINE|Autorité / Authority",
    "PERMIS DE CONDUIRE RÉPUBLIQUE FRANÇAISE|1. WAGNER|2. HUGO|4a. 12.03.2015|9. AM B1 B",
    "FACTURE N° 2026-014|Date : 12/02/2026|Prestation de conseil 3 jours 1 650,00|Total HT 1 650,00|TVA 20 % 330,00|Total TTC 1 "
    "980,00|À régler sous 30 jours",
    "CONTRAT DE TRAVAIL À DURÉE DÉTERMINÉE|Entre les soussignés : la société Lumio, ci-après l'employeur, et Mme Petit, ci-après "
    "la salariée,|il a été convenu ce qui suit.|Article 1 – Engagement|Article 2 – Période d'essai",
    "AVIS D'IMPÔT 2026|Impôt sur les revenus de l'année 2025|Revenu fiscal de référence 28 410|Nombre de parts 1",
    "QUITTANCE DE LOYER|Mois de juillet 2026|Reçu de M. Roux la somme de 640 euros au titre du loyer et des charges",
    "OFFRE D'EMPLOI|Chargé(e) de déploiement|Nous recherchons une personne de terrain.|Vos missions : former les agents, suivre "
    "les communes.|Profil recherché : vous êtes à l'aise à l'oral.|Compétences|Formation|Pour postuler : recrutement@example.org "
    "avant le 12 décembre 2026",
    "Compte rendu de réunion du 4 mars 2026|Présents : Mme Petit, M. Roux|Ordre du jour : calendrier, budget|Décisions : report au 18 mars",
    "Justificatif de domicile|Votre facture d'électricité|Point de livraison 14 123 456 789|Votre consommation 312 kWh|Montant TTC 68,40",
    "PAY SLIP|Employee: T. Ashby|Pay period: September 2026|Gross pay 3,100.00|Income tax 412.00|National Insurance 241.12|Net pay "
    "2,446.88",
    "Bank account details|Account holder Priya Iyer|Sort code 00-00-00|Account number 00000000",
    "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND|PASSPORT|Surname ASHBY|Given names TOM|Date of expiry 04 JUN 2033|Authority HMPO",
    "INVOICE|Invoice number 42|Design of a leaflet 400.00|Subtotal 400.00|VAT 80.00|Amount due 480.00",
    "EMPLOYMENT AGREEMENT|This agreement is made by and between Kestrel Energy (the Employer) and Liam Chen (the Employee).|1. "
    "Position|2. Probationary period",
    "We are hiring a Delivery Manager|About the role|You will run two teams.|Who you are|You have led delivery before.|What we "
    "offer|Skills|Education|How to apply: send your CV to jobs@example.org",
    "bulletin de salaire|employeur : SARL Petitjean|salarie : camille perret|brut 2100|net paye en euros 1650,22|cumul imposable 9 812",
    "BANQUE MUTUELLE DE L'OUEST|Relevé d'identité bancaire|Code banque 00000 Code guichet 00000",
    "Carte d'étudiant 2025-2026|Université de Lorraine|NGO Linh|INE 000000000AA",
    "Extrait Kbis|Immatriculation principale au registre du commerce et des sociétés|Dénomination sociale LUMIO",
    "Agence régionale|Recrute un(e) chargé(e) de mission (CDD 12 mois)|Vous piloterez les appels à projets. De formation "
    "supérieure, vous avez une bonne connaissance des collectivités.|Expérience|Deux ans minimum|Candidature (CV et lettre) à "
    "adresser avant le 10 juin 2026 à rh@example.org",
    "Bail d'habitation|Entre M. Roux, bailleur, et Mme Petit, locataire|Loyer mensuel 620 euros",
    "DEVIS n° 12|Création de logo 400 €|Total HT 400 €|Bon pour accord",
    "Titre de séjour|Valable jusqu'au 12.05.2029|NOM : EL MANSOURI|Autorise son titulaire à travailler",
    "Bank statement|Opening balance 212.00|03 Sep Card payment 12.40|Closing balance 199.60",
    "Driving Licence|1. TURNER|2. ELEANOR|4b. 03.2031",
    "Rapport de stage|Optimisation d'un entrepôt de données|Sommaire|Introduction .... 3|Chapitre 1 : état de l'art .... 7|"
    "Bibliographie .... 41",
    "Job Description|Post: Delivery Manager|Reports to: Head of Digital|Responsibilities|Run two teams|Essential|Experience of "
    "public services",
    "FICHE DE PAIE - Octobre 2026|Matricule 0042|SALAIRE BRUT 2 310,00|NET A PAYER 1 802,10",
    "Crédit Rural|RIB|IBAN FR76 0000|BIC CRRUFRPP",
    "CARTE NATIONALE D IDENTITE|RF|Nom PETIT|Prenom NOEMIE|Sexe F",
    "Convention de stage|Entre l'établissement d'enseignement et l'organisme d'accueil|Article 1 Objet|Article 2 Durée du stage",
    "Cotisation adhésion 2026|Reçu fiscal|Association La Ruche|Montant 30 euros",
    "Tax return 2025|Taxable income 31,200|Total due 4,210",
    "Délibération du conseil municipal|Séance du 4 mai 2026|Étaient présents : M. Roux, Mme Blanc|Après en avoir délibéré, le "
    "conseil approuve",
    "Vacancy: Press officer|You will write and answer.|You have two years of experience.|The successful candidate starts in May.|"
    "Closing date 3 April.",
    "Plan d'accès|Tram ligne B, arrêt Préfecture|Bus 12 et 14|Parking à 200 m",
    "Mode opératoire|1. Ouvrir la session|2. Saisir le code|3. Valider",
    "Bulletin de paie octobre 2026|Net payé 1 712,40",
    "PASSPORT|USA|Surname CHEN",
    "Avis d'imposition|Référence de l'avis 26 99",
    "Bank details|IBAN DE00 0000",
    "CONTRAT D'ENGAGEMENT RÉCIPROQUE|Entre France Travail et M. Roux",
    "Chargé de mission accessibilité – fiche de poste|Missions|Conduire des audits|Profil|Connaissance du RGAA|Vous avez le sens "
    "du service|Contact : rh@example.org",
    "FICHE DE PAIE|Salaire de base|Cotisations|Net à payer",
    "Relevé d'identité bancaire|Banque Mutuelle|IBAN FR76",
    "CARTE NATIONALE D'IDENTITÉ n° 0000|Nom : ROUX",
    "Facture n° 88|Montant TTC 120 €",
    "Offre d'emploi : développeur|Nous recherchons un développeur.|Vos missions|Votre profil|Pour postuler, écrivez à rh@example.org",
    "PAYSLIP|Net pay 2,000",
    "Quittance de loyer mai 2026|Bailleur : M. Blanc|Locataire : Mme Roux",
    "Justificatif de domicile|Facture d'eau|Échéance 12/06/2026",
    "Attestation de sécurité sociale|Numéro d'immatriculation|Caisse primaire",
)
