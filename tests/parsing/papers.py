"""Papers that come with applications, written here for tests: the text of each as a reader gives it, by what it is for."""

from __future__ import annotations

from itertools import product

_OPENINGS_FR = (
    "Camille Perret\n4 rue du Four\n38000 Grenoble\ncamille.perret@example.org\n\nGrenoble, le 3 novembre 2026\n\nObjet : poste de cheffe de projet\n\nMadame, Monsieur,",
    "À l'attention du service recrutement\n\nBonjour,",
    "Nadia BELHADJ – 06 39 98 12 34\n\nDirection du numérique\n20 avenue de Ségur, Paris\n\nMadame la Directrice,",
    "LETTRE DE MOTIVATION\n\nChère équipe,",
    "Monsieur le Préfet,",
)
_BODIES_FR = (
    "Votre annonce publiée le 12 octobre a retenu toute mon attention. Depuis 2019, je pilote le déploiement\nd'un logiciel dans quarante communes ; j'y ai appris à écouter avant de proposer.\n\nMon passage par la préfecture de la Drôme, de 2015 à 2018, m'a donné le goût du service public.",
    "Actuellement étudiante en deuxième année de BUT informatique, je cherche une alternance à partir de septembre 2027.\nJ'ai découvert vos produits lors d'un forum et leur utilité m'a frappée.\n\nAu lycée, j'animais déjà un atelier de programmation.",
    "Après douze ans dans une banque mutualiste, j'ai envie de mettre mes mains dans du code qui sert à tout le monde.\nLe poste que vous ouvrez me va comme un gant : du Python, des usagers, une petite équipe.\n\nMes anciens collègues diront que je finis ce que je commence.",
    "Juriste de formation, je vous propose ma candidature au poste de déléguée à la protection des données.\nJ'ai conduit seize analyses d'impact et formé deux cents agents.\nMa pratique des collectivités, acquise entre 2014 et 2020 puis de 2021 à 2024, serait utile à vos équipes.",
)
_CLOSINGS_FR = (
    "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.\n\nCamille Perret",
    "Je reste disponible pour en parler de vive voix.\n\nBien cordialement,\nNadia Belhadj",
    "Dans l'attente de vous rencontrer, recevez mes respectueuses salutations.",
)
_OPENINGS_EN = (
    "Tom Ashby\n14 Mill Lane, Leeds\ntom.ashby@example.com | +44 7700 900123\n\n3 November 2026\n\nDear Hiring Manager,",
    "To whom it may concern,",
    "Re: Service Designer, ref. 2231\n\nDear Ms Okafor,",
    "Hello,",
)
_BODIES_EN = (
    "Your advert for a service designer caught my eye. I have spent the last six years, first at Tern (2019-2022) and then\nat Oakmere, rewriting letters that nobody understood. My work cut calls by a third.\n\nI think I could be useful to your team from the first week.",
    "I graduated in 2025 and I would like to apply for the apprenticeship you opened. At school I built a timetable bot\nthat my classmates still use. What I lack in years I make up for in stubbornness.",
    "As a data protection officer in two hospitals I learned to say no kindly. I am now looking for a place where I can\nhelp before the fact. The position you describe is exactly that, and my notice period is four weeks.",
)
_CLOSINGS_EN = (
    "I look forward to hearing from you.\n\nYours sincerely,\nTom Ashby",
    "Thank you for reading this far.\n\nBest wishes,\nPriya",
    "Kind regards,\nAdaeze Eze",
)
LETTERS = tuple(
    "\n\n".join(parts) for parts in (*product(_OPENINGS_FR, _BODIES_FR, _CLOSINGS_FR), *product(_OPENINGS_EN, _BODIES_EN, _CLOSINGS_EN))
)

CERTIFICATES = (
    "SARL Petitjean\n12 zone du Lac, 74000 Annecy\n\nCERTIFICAT DE TRAVAIL\n\nJe soussigné Paul Petitjean, gérant, certifie que Madame Camille Perret a travaillé dans notre société du 3 mars 2015 au 30 juin 2018 en qualité de cheffe de projet.\nElle nous quitte libre de tout engagement.\n\nFait à Annecy, le 30 juin 2018",
    "ATTESTATION DE FORMATION\n\nL'organisme Cap Métiers atteste que Nadia BELHADJ a suivi l'action de formation « Accessibilité des sites web » du 4 au 6 mai 2024, soit 21 heures.\nRésultat de l'évaluation : objectifs atteints.",
    "Université Grenoble Alpes\nRELEVÉ DE NOTES ET RÉSULTATS\nAnnée 2016/2017 – Session 1\nPERRET Camille\nMaster 2 Informatique\nUE 1 Algorithmique 14,5 / 20 6 crédits\nUE 2 Bases de données 12 / 20 6 crédits\nUE 3 Langues : anglais 16 / 20 3 crédits\nUE 4 Stage 15 / 20\nMoyenne générale 14,1 Admise",
    "RÉPUBLIQUE FRANÇAISE\nMinistère de l'Enseignement supérieur\nUNIVERSITÉ DE NANTES\nDIPLÔME DE LICENCE\nVu le code de l'éducation ; vu le procès-verbal du jury attestant que l'intéressée a satisfait au contrôle des connaissances,\nle diplôme de licence de droit est délivré à Mme Nadia Belhadj, au titre de l'année universitaire 2011-2012.\nLe président",
    "Madame, Monsieur,\n\nJ'ai encadré Camille Perret pendant trois ans au sein de mon équipe. Elle a fait preuve de rigueur et d'un sens rare du collectif.\nJe la recommande sans réserve pour tout poste de conduite de projet.\n\nVeuillez agréer, Madame, Monsieur, mes salutations distinguées.\n\nPaul Petitjean, directeur",
    "Lettre de recommandation\n\nÀ qui de droit,\n\nM. Hugo Wagner a effectué son stage de fin d'études dans notre laboratoire en 2023. Son autonomie nous a surpris.\nC'est avec plaisir que nous appuyons sa candidature.\n\nPr Anne Schaeffer\na.schaeffer@example.org",
    "CERTIFICAT DE SCOLARITÉ\nAnnée universitaire 2026-2027\nLe directeur certifie que l'étudiante LINH NGO est inscrite en BUT Informatique, 2e année.\nCe document est remis à l'intéressée pour servir et valoir ce que de droit.",
    "ATTESTATION D'EMPLOYEUR\nNous soussignés, Mairie de Plougastel, attestons que M. Yacine Roux est employé dans nos services depuis le 1er février 2020 comme agent d'accueil, en contrat à durée indéterminée.",
    "Attestation de réussite au diplôme\nLe jury réuni le 4 juillet 2019 a déclaré admise Mme Zoé Petit au diplôme national de BTS Communication, mention bien.",
    "TITRE PROFESSIONNEL\nDéveloppeur web et web mobile\nNiveau 5\nDélivré à : Bastien Roux\nDate de la session : 12 décembre 2022\nLe responsable de session",
    "LYCÉE AMPÈRE\nBULLETIN DU 2e TRIMESTRE\nClasse : Terminale\nMathématiques 15,2 Bon trimestre\nPhilosophie 11,0 Peut mieux faire\nMoyenne générale 13,4\nAppréciation du conseil de classe : félicitations",
    "opquast\nCertificat n° ABC-12\nFrançois Pfister a obtenu la certification Maîtrise de la qualité en projet web\nScore : 865 / 1000\nDate d'obtention : 3 février 2025",
    "Certificate of Completion\n\nThis certificate is presented to\nPriya Iyer\nfor completing the course Introduction to Machine Learning\n12 March 2024",
    "THE UNIVERSITY OF LEEDS\n\nIt is hereby certified that\nTom Ashby\nhaving fulfilled all the requirements was admitted to the degree of\nBachelor of Science\nwith First Class Honours in Computer Science\n14 July 2018\nRegistrar",
    "OFFICIAL ACADEMIC TRANSCRIPT\nStudent: Adaeze Eze\nProgramme: BA Politics\nFall 2014\nPOL101 Introduction to Politics 3.0 A-\nECO110 Microeconomics 3.0 B+\nSpring 2015\nLAN120 Languages: French 3.0 A\nCumulative GPA 3.61\nQualifications awarded 2017",
    "To whom it may concern\n\nPriya Iyer worked under my supervision as a junior analyst from February 2021 until April 2023. She proved to be an able and honest colleague, and we were sorry to lose her.\nI strongly recommend her for any analytical post.\n\nYours faithfully\nGrace Turner, Head of Data",
    "Dear Sir or Madam,\n\nMr Ashby was employed by my firm for five years. His work was of a high standard and he trained many of our staff. He would be an asset to any employer.\nI will be happy to provide further information.\n\nSincerely,\nMarcus Dlamini",
    "EMPLOYMENT VERIFICATION\n\nThis letter is to confirm that Ms Zainab Petrov has been employed at Kestrel Energy since 4 May 2020 as a systems administrator on a permanent basis.\n\nHR Department",
    "Proof of enrolment\nUniversity of York\nWe confirm that Liam Chen is registered as a full-time student on the programme BSc Computer Science.",
    "IELTS Test Report Form\nCandidate: Mateo Montoya\nListening 8.0 Reading 7.5 Writing 7.0 Speaking 7.5\nOverall Band Score 7.5\nDate 12/06/2025",
    "Arbeitszeugnis / Reference\nWe hereby confirm that Lars Sørensen worked with us from 1 March 2018 to 31 May 2021 as a network technician. He carried out his duties to our full satisfaction.",
)

PORTFOLIOS = (
    "PORTFOLIO\nZoé Ben Salah\nDesigner d'interface\n2026\n\nProjet 1\nRefonte du site de la ville\nContexte : un site vieillissant\nMon rôle : recherche et maquettes\nRésultat : deux fois moins d'appels\n\nProjet 2\nApplication de covoiturage\nContexte : zone rurale\nMon rôle : prototypage\nRésultat : 300 inscrits",
    "Léa Marchand – Book\n\nAffiche pour le festival des écluses\nImpression deux couleurs, 40 x 60 cm\n\nIdentité visuelle de la boulangerie Lune\nLogotype, sachets, enseigne\n\nPictogrammes pour un hôpital",
    "Book 2026\nPhotographe\nreportage, portrait, architecture\n© Tous droits réservés",
    "Mes réalisations\n\nCartographie interactive des fontaines\nOutils : Leaflet, Vue\nAnnée : 2022\nVoir le projet\n\nTableau de bord des écoles\nOutils : R, Shiny\nAnnée : 2024\nVoir le projet",
    "Étude de cas n° 1 : le carnet de vaccination\nProblème\nLes familles perdaient le carnet.\nDémarche\nDouze entretiens, trois ateliers.\nSolution\nUn carnet en ligne.\nRésultats\nQuatre familles sur cinq.\n\nÉtude de cas n° 2 : la cantine\nProblème\nDes inscriptions sur papier.\nDémarche\nObservation au guichet.\nSolution\nUn formulaire court.\nRésultats\nDeux jours gagnés.",
    "Selected works 2021–2026\nAnouk de Vries\n\nGreenway wayfinding system\nClient: City of Aldwick\nRole: lead designer\nTools: Figma, Illustrator\n\nOpenTransit timetable app\nClient: OpenTransit\nRole: UI designer\nTools: Sketch",
    "Harriet Ashworth\nUX Portfolio\n\nCase study: renewing a licence\nThe challenge\nSix forms, four logins.\nMy role\nResearch and prototyping in a team of five.\nProcess\nInterviews, wireframes, usability testing.\nOutcome\nOne form, one login.\n\nCase study: the bereavement journey\nThe challenge\nEleven letters.\nMy role\nService design.\nOutcome\nTwo letters.",
    "Design portfolio\nhello@example.net\n\nProject 01 — Tidewater\nRebranding an insurer\nProject 02 — Quill\nA type specimen\nProject 03 — Redwood\nSignage for a library\n\nThank you for viewing",
    "Work samples\nEleanor Campbell-Reid, content designer\n\n1. Before and after: a tax letter\nBefore\n412 words, reading age 19\nAfter\n136 words, reading age 11\n\n2. Before and after: a fines notice\nBefore\n280 words\nAfter\n90 words",
    "PORTFOLIO DE PROJETS\nIngénierie de données\n\nProjet n°1 : entrepôt des marchés publics\nBesoin : un catalogue unique\nTechnique : dbt, DuckDB\nProjet n°2 : appariement d'entreprises\nBesoin : dédoublonner\nTechnique : Python",
)

OTHERS = (
    "BULLETIN DE PAIE\nPériode du 01/09/2026 au 30/09/2026\nSalaire de base 151,67 h 2 450,00\nCotisations salariales 548,12\nNet à payer avant impôt 1 901,88\nCongés payés acquis 2,5",
    "RELEVÉ D'IDENTITÉ BANCAIRE\nTitulaire du compte : M. Hugo Wagner\nIBAN FR76 3000 1000 0000 0000 0000 000\nBIC AAAAFRPP\nDomiciliation Nancy",
    "RÉPUBLIQUE FRANÇAISE\nCARTE NATIONALE D'IDENTITÉ\nNom : PERRET\nPrénom(s) : Camille\nDate d'expir. 12 05 2031\nSignature du titulaire",
    "PASSEPORT\nPassport\nType P\nCode du pays FRA\nNom / Surname ROUX\nPrénoms / Given names YACINE\nAutorité / Authority",
    "PERMIS DE CONDUIRE RÉPUBLIQUE FRANÇAISE\n1. WAGNER\n2. HUGO\n4a. 12.03.2015\n9. AM B1 B",
    "FACTURE N° 2026-014\nDate : 12/02/2026\nPrestation de conseil 3 jours 1 650,00\nTotal HT 1 650,00\nTVA 20 % 330,00\nTotal TTC 1 980,00\nÀ régler sous 30 jours",
    "CONTRAT DE TRAVAIL À DURÉE DÉTERMINÉE\nEntre les soussignés : la société Lumio, ci-après l'employeur, et Mme Petit, ci-après la salariée,\nil a été convenu ce qui suit.\nArticle 1 – Engagement\nArticle 2 – Période d'essai",
    "AVIS D'IMPÔT 2026\nImpôt sur les revenus de l'année 2025\nRevenu fiscal de référence 28 410\nNombre de parts 1",
    "QUITTANCE DE LOYER\nMois de juillet 2026\nReçu de M. Roux la somme de 640 euros au titre du loyer et des charges",
    "OFFRE D'EMPLOI\nChargé(e) de déploiement\nNous recherchons une personne de terrain.\nVos missions : former les agents, suivre les communes.\nProfil recherché : vous êtes à l'aise à l'oral.\nCompétences\nFormation\nPour postuler : recrutement@example.org avant le 12 décembre 2026",
    "Compte rendu de réunion du 4 mars 2026\nPrésents : Mme Petit, M. Roux\nOrdre du jour : calendrier, budget\nDécisions : report au 18 mars",
    "Justificatif de domicile\nVotre facture d'électricité\nPoint de livraison 14 123 456 789\nVotre consommation 312 kWh\nMontant TTC 68,40",
    "PAY SLIP\nEmployee: T. Ashby\nPay period: September 2026\nGross pay 3,100.00\nIncome tax 412.00\nNational Insurance 241.12\nNet pay 2,446.88",
    "Bank account details\nAccount holder Priya Iyer\nSort code 00-00-00\nAccount number 00000000",
    "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND\nPASSPORT\nSurname ASHBY\nGiven names TOM\nDate of expiry 04 JUN 2033\nAuthority HMPO",
    "INVOICE\nInvoice number 42\nDesign of a leaflet 400.00\nSubtotal 400.00\nVAT 80.00\nAmount due 480.00",
    "EMPLOYMENT AGREEMENT\nThis agreement is made by and between Kestrel Energy (the Employer) and Liam Chen (the Employee).\n1. Position\n2. Probationary period",
    "We are hiring a Delivery Manager\nAbout the role\nYou will run two teams.\nWho you are\nYou have led delivery before.\nWhat we offer\nSkills\nEducation\nHow to apply: send your CV to jobs@example.org",
)

_NAMES = ("Camille Perret", "HUGO WAGNER", "Linh Ngo", "Priya Iyer")
_CONTACTS = ("{mail}\n06 39 98 12 34\n38000 Grenoble", "Tél. : +33 6 39 98 12 34 | {mail} | linkedin.com/in/x", "{mail}")
_CV_FR = (
    "EXPÉRIENCES PROFESSIONNELLES\nDepuis 2021 : cheffe de projet, Studio Mille-Feuille\nRefonte de trois guichets\n2017-2021 : chargée de clientèle, Opale\nFORMATION\n2016 : master, université de Nantes\nCOMPÉTENCES\nExcel, Notion",
    "Profil\nJe cherche une équipe où je peux apprendre. Mon parcours mêle ateliers et terrain.\nExpérience\nmars 2020 – aujourd'hui\nTechnicien, CHU de Brabois\nFormation\n2019 BTS SIO\nDiplôme national du brevet, 2015\nLangues\nAnglais B2",
    "C O M P É T E N C E S\nDroit de la commande publique\nE X P É R I E N C E\nJuriste, Béryl Conseil (2018 - 2026)\nStagiaire, tribunal (2017)\nF O R M A T I O N\nMaster 2 Contrats publics, 2017",
    "Diplômes et formations\n2024 – BUT Informatique, IUT de Vannes\n2021 – Baccalauréat\nStages\n2023 – Stagiaire développeur, Vigie\nAttestation de secourisme, 2022\nLoisirs\nescalade",
)
_CV_EN = (
    "Work Experience\nOperations Coordinator, Tamarind Foods, 2019 – present\nOffice Manager, Fernhill, 2015–2019\nEducation\nBA History, Durham University, 2014\nSkills\nXero, Excel",
    "Summary\nI build small tools. My last three teams shipped weekly.\nEmployment History\nSenior Engineer at Cobalt Pay (Jan 2020 - Present)\nDeveloper at Marrow Labs (2016 - 2019)\nEducation\nBSc Computer Science, 2016\nCertificates\nCertificate of Completion, Machine Learning, 2023\nReferences\nAvailable on request",
)
CVS = tuple(
    f"{name}\n{contact.format(mail='moi@example.org')}\n{body}" for name, contact, body in product(_NAMES, _CONTACTS, (*_CV_FR, *_CV_EN))
)
PAPERS = {"cv": CVS, "cover_letter": LETTERS, "certificate": CERTIFICATES, "portfolio": PORTFOLIOS, "other": OTHERS}
