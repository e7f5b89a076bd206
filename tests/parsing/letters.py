"""Letters and CVs in many words, written here for tests; a bar ends a line."""

from __future__ import annotations

from itertools import product

from papers import CERTIFICATES, OTHERS, PORTFOLIOS, paged

_OPENINGS_FR = paged(
    "Camille Perret|4 rue du Four|38000 Grenoble|camille.perret@example.org||Grenoble, le 3 novembre 2026||Objet : poste de cheffe "
    "de projet||Madame, Monsieur,",
    "À l'attention du service recrutement||Bonjour,",
    "Nadia BELHADJ – 06 39 98 12 34||Direction du numérique|20 avenue de Ségur, Paris||Madame la Directrice,",
    "LETTRE DE MOTIVATION||Chère équipe,",
    "Monsieur le Préfet,",
)
_BODIES_FR = paged(
    "Votre annonce publiée le 12 octobre a retenu toute mon attention. Depuis 2019, je pilote le déploiement|d'un logiciel dans "
    "quarante communes ; j'y ai appris à écouter avant de proposer.||Mon passage par la préfecture de la Drôme, de 2015 à 2018, "
    "m'a donné le goût du service public.",
    "Actuellement étudiante en deuxième année de BUT informatique, je cherche une alternance à partir de septembre 2027.|J'ai "
    "découvert vos produits lors d'un forum et leur utilité m'a frappée.||Au lycée, j'animais déjà un atelier de programmation.",
    "Après douze ans dans une banque mutualiste, j'ai envie de mettre mes mains dans du code qui sert à tout le monde.|Le poste "
    "que vous ouvrez me va comme un gant : du Python, des usagers, une petite équipe.||Mes anciens collègues diront que je finis "
    "ce que je commence.",
    "Juriste de formation, je vous propose ma candidature au poste de déléguée à la protection des données.|J'ai conduit seize "
    "analyses d'impact et formé deux cents agents.|Ma pratique des collectivités, acquise entre 2014 et 2020 puis de 2021 à 2024, "
    "serait utile à vos équipes.",
)
_CLOSINGS_FR = paged(
    "Je vous prie d'agréer, Madame, Monsieur, l'expression de mes salutations distinguées.||Camille Perret",
    "Je reste disponible pour en parler de vive voix.||Bien cordialement,|Nadia Belhadj",
    "Dans l'attente de vous rencontrer, recevez mes respectueuses salutations.",
)
_OPENINGS_EN = paged(
    "Tom Ashby|14 Mill Lane, Leeds|tom.ashby@example.com – +44 7700 900123||3 November 2026||Dear Hiring Manager,",
    "To whom it may concern,",
    "Re: Service Designer, ref. 2231||Dear Ms Okafor,",
    "Hello,",
)
_BODIES_EN = paged(
    "Your advert for a service designer caught my eye. I have spent the last six years, first at Tern (2019-2022) and then|at "
    "Oakmere, rewriting letters that nobody understood. My work cut calls by a third.||I think I could be useful to your team from "
    "the first week.",
    "I graduated in 2025 and I would like to apply for the apprenticeship you opened. At school I built a timetable bot|that my "
    "classmates still use. What I lack in years I make up for in stubbornness.",
    "As a data protection officer in two hospitals I learned to say no kindly. I am now looking for a place where I can|help "
    "before the fact. The position you describe is exactly that, and my notice period is four weeks.",
)
_CLOSINGS_EN = paged(
    "I look forward to hearing from you.||Yours sincerely,|Tom Ashby",
    "Thank you for reading this far.||Best wishes,|Priya",
    "Kind regards,|Adaeze Eze",
)
_FREE_LETTERS = paged(
    "Julie Morin|06 39 98 00 11||Mairie de Brest||Vous|Vous cherchez quelqu'un pour tenir la relation avec les communes de "
    "l'agglomération.|Moi|J'ai passé six ans à la communauté de communes du Léon, où je tenais cette relation au quotidien. J'aime "
    "les gens et les tableaux bien rangés.|Nous|Retrouvons-nous autour d'un café pour voir ce que nous pourrions faire ensemble.||"
    "Julie Morin",
    "Candidature – Product manager (réf. 882)||Madame, Monsieur,||Voilà huit ans que je conçois des services pour des gens "
    "pressés.|Chez Lumio (2018-2021), j'ai arrêté plus de fonctionnalités que je n'en ai livré.|Chez Opale (2021-2025), j'ai monté "
    "l'équipe produit.|Formation : Sciences Po Lille, 2015.||Je vous remercie de l'attention portée à ces lignes.||Yacine Roux|"
    "yacine@example.org",
    "Dear Recruiting Team||Why you|I have read every blog post your design team has published. The honesty struck me.|Why me|I run "
    "research with people who hate being researched. I also code my own prototypes.|Why now|My contract ends in March and I want "
    "my next five years to count.||Thanks,|Rhys",
    "Subject: Junior analyst position||Good morning,||I would be grateful if you would consider me for the junior analyst post. My "
    "degree in statistics from Warwick (2024) and two summers at the national archive gave me the habit of checking things twice.|"
    "I am available from January.||With thanks,|Ewa Novak",
    "Paris, le 2 mai 2026||Objet : Réponse à votre annonce n° 4512||Monsieur,||Titulaire d'un BTS Assistant manager et forte de "
    "neuf années passées au secrétariat d'un cabinet médical, je souhaite aujourd'hui mettre mon organisation au service d'une "
    "administration.||Rigoureuse et discrète, je sais tenir trois agendas et un standard. La maîtrise de Chorus ne me manque pas.||"
    "En espérant que mon profil retiendra votre attention, je vous prie de croire, Monsieur, à l'assurance de mes sentiments les "
    "meilleurs.||Ghislaine Boyer",
    "madame monsieur|actuellement en recherche d emploi je vous envoie ma candidature pour le poste d agent d accueil|j ai "
    "travaille a la mairie de nancy pendant deux ans|je suis serieux et ponctuel|cordialement|kamel zerrouki",
    "Letter of motivation||I first met your work when my mother renewed her permit in nine minutes. I decided that day that I "
    "wanted to build such things.||For the past four years I have maintained the booking system of a hospital trust. My patches "
    "are boring and my releases quiet.||Hoping we can talk soon,|Mateo Montoya",
    "Objet : demande de stage de six mois||Bonjour Madame Petit,||Élève ingénieure à l'ENSAI, je recherche un stage de fin "
    "d'études de mars à août 2027. Vos travaux sur l'appariement m'intéressent beaucoup car j'ai mené un projet semblable cette "
    "année.|Mon curriculum vitae est joint à ce courrier.||Très cordialement,|Maëlle Kerbrat",
    "Fatoumata Traoré|fatou.t@example.com||Service des ressources humaines|Conseil départemental de la Drôme||Valence, le 14 "
    "septembre 2026||Objet : candidature, gestionnaire de marchés||Madame, Monsieur,||Gestionnaire de marchés publics à l'hôpital "
    "depuis quatre ans, je découvre avec plaisir que vous étoffez votre service achats. J'instruis chaque année une trentaine de "
    "procédures et j'en suis l'exécution.||Recevez, Madame, Monsieur, mes sincères salutations.|Fatoumata Traoré",
    "Bonjour à tous,||On m'a parlé de vous au marché ! Je fabrique des sites accessibles depuis 2012 et je voudrais arrêter d'être "
    "seule.|Ce que j'apporte : de la patience, du HTML propre, un goût pour les tests.|Ce que je n'apporte pas : des promesses.||À "
    "bientôt j'espère,|Soizic",
    "Dear Sir,||Please accept this letter as my application for the post of records officer, advertised in the Gazette on 2 June. "
    "I hold a diploma in archives and have catalogued eleven thousand boxes.||I am free to start on 1 September.||Yours "
    "faithfully,|Kwame Mensah",
    "Dear Kestrel team,||Three reasons I should run your on-call rota:|1. I have been woken up 412 times and still answer "
    "politely.|2. I delete alerts.|3. I write things down so that others can sleep.||Could we talk next week?||Callum MacLeod|"
    "callum@example.org",
    "Marie-Ange Blanc|Infirmière en reconversion||Madame la Directrice,||Au bout de quinze ans à l'hôpital, j'ai suivi une "
    "formation de développeuse (2025) et je souhaite commencer chez vous.|Soigner m'a appris à diagnostiquer, à documenter et à "
    "garder mon calme.|Je joins à ce courrier mon curriculum vitae ainsi que mes diplômes.||Veuillez recevoir, Madame la "
    "Directrice, mes salutations respectueuses.",
    "APPLICATION LETTER|Position: Community nurse data lead||My name is Thandiwe Dlamini. I lead a team of five analysts in Cape "
    "Town and I am relocating to Leeds in spring. I enjoy explaining numbers to people who fear them, and I have done so in three "
    "languages.",
    "Objet : mobilité interne – poste n° 2026-118||Monsieur le Directeur,||Attachée d'administration depuis 2016, affectée à la "
    "préfecture de la Meuse, je sollicite ma mutation sur le poste cité en objet. Mes trois dernières évaluations sont jointes.||"
    "Je vous prie de bien vouloir agréer, Monsieur le Directeur, l'expression de mon profond respect.",
    "Hi Anna,||following our chat at the meetup, here is a bit more about me. I moved from teaching to front-end work in 2021. I "
    "care about forms, error messages and tired people on old phones. I'd love to join the team.||Cheers,|Aoife",
    "François-Xavier Tessier|75011 Paris|fx@example.org||Beta|20 avenue de Ségur||Le 7 octobre 2026||Objet : intrapreneur||Madame, "
    "Monsieur,||Inspecteur du travail depuis onze ans, je connais les formulaires par leur envers. Le vôtre, je l'ai rempli quatre "
    "cents fois.|Je voudrais maintenant passer de l'autre côté et le faire disparaître.||Dans cette attente, je vous adresse mes "
    "cordiales salutations.",
    "Lettre de candidature||Poste visé : développeuse front-end (offre 77)||Madame Roux,||Votre équipe publie son code et ses "
    "erreurs : c'est ce qui me donne envie d'écrire.||• 5 ans de React dans une mutuelle|• 2 ans de maraudes le jeudi soir|• une "
    "passion pour le clavier||Quand pouvons-nous parler ?||Inès Benhaddou",
    "Dear Mr Petrov,||Further to your notice on the council website, I should like to be considered for the procurement officer "
    "role. I currently draft frameworks for a port authority and sit two evenings a week for my CIPS exams.||I enclose my CV and "
    "the names of two referees.||Yours sincerely,||Wendy Pemberton",
    "Bonjour Madame, bonjour Monsieur,||je suis étudiant en MIAGE et je cherche un contrat d'apprentissage de deux ans. Mon école "
    "est à vingt minutes de vos bureaux. J'ai déjà travaillé deux étés comme équipier polyvalent, ce qui m'a appris la "
    "ponctualité.||Merci d'avance pour votre réponse,||Hugo",
    "Monsieur le Secrétaire général,||J'ai l'honneur de présenter ma candidature à l'emploi de responsable du pôle études vacant "
    "dans vos services.||Ingénieur principal, j'encadre depuis 2018 une équipe de neuf personnes. De 2012 à 2018 j'ai conduit la "
    "refonte du système de paie.||Veuillez croire, Monsieur le Secrétaire général, en mon entier dévouement.||Patrice Wagner",
    "Hello hiring team!||I'm Yuki. I test things. In my current job I found the bug that cost the company a ferry.|I'd like to do "
    "the same for trains.||PS: my CV is in the other file.||Yuki Tanaka",
    "Expression of interest – Communications Manager||For eight years I have edited a newsletter that people actually open. I "
    "would bring to the Foundation a calm head in a crisis, a red pen, and my little black book of local reporters.||I can be "
    "reached at grace@example.org at any time.",
    "Amandine Jacquemin|12 rue des Lavandières|29000 Quimper|06 39 98 41 41||Préfecture du Finistère|Quimper, le 10/11/2026||Objet "
    ": Candidature au poste de secrétaire administrative||Madame, Monsieur,||Actuellement agent d'accueil à la mairie de "
    "Plougastel, je souhaite donner un nouvel élan à mon parcours. Mes huit années au contact du public m'ont rendue attentive et "
    "précise.||Je serais heureuse de vous exposer mes motivations lors d'un entretien.||Je vous prie d'agréer, Madame, Monsieur, "
    "mes salutations distinguées.|Amandine Jacquemin",
    "Dear Hiring Committee,||I was thrilled to see the opening for a Data Engineer. With five years' experience building pipelines "
    "in dbt and Airflow, I am certain I can help your agency publish cleaner figures sooner.||At Fernhill Trust I moved forty "
    "dashboards without losing a single user.||Thank you for your consideration.||Sincerely,|Oliver Chen",
    "Bonjour,||Je candidate à l'offre de chargé de déploiement. Commercial pendant six ans, j'aime convaincre, et plus encore "
    "revenir six mois plus tard pour voir si cela tient.||Vous trouverez le détail de mon parcours dans mon CV.||Cordialement,|"
    "Didier Ngo|06 39 98 13 13",
    "Objet : Candidature spontanée – juriste||Maître,||Diplômée d'un master 2 en droit du numérique, je recherche une "
    "collaboration. J'ai rédigé mon mémoire sur la portabilité et effectué deux stages en cabinet.||Dans l'espoir de vous "
    "convaincre, je vous prie de recevoir, Maître, l'expression de ma considération.||Rachida Zerrouki",
    "MOTIVATION||What draws me to this fellowship is the chance to sit inside an administration for ten months. My last startup "
    "sold its code to three cities; I saw how little we had understood their work. I want to learn it from within.||Siobhán "
    "O'Sullivan",
    "Re: Records Manager||Dear Ms Whitfield||I have pleasure in submitting my application for the above post. You will see from my "
    "CV that I have managed records in a hospital and in a court.||I am available for interview at any time.||Yours sincerely|Ravi "
    "Iyer",
    "Madame la Maire,||Habitante de la commune depuis 2009, je me porte candidate au poste d'animatrice du conseil des jeunes. "
    "Titulaire du BAFA et d'une licence de sociologie, j'ai encadré des séjours chaque été.||Mes respectueuses salutations,|Lilou "
    "Blanc",
    "To the Digital Service Team,||I saw on your blog that you are short of a content designer. I have rewritten benefits pages for "
    "four years and would be glad to bring that practice to you.||Best,|Beatrix Novak",
    "Chers recruteurs,||Je m'appelle Oumar, j'ai 4 ans d'expérience en data et une obsession : les données propres. Chez Sopalia, "
    "j'ai divisé par trois le temps des traitements.||Je suis mobile et disponible en mars.||Merci de m'avoir lu !|Oumar",
)
LETTERS = (
    *_FREE_LETTERS,
    *("\n\n".join(parts) for parts in product(_OPENINGS_FR, _BODIES_FR, _CLOSINGS_FR)),
    *("\n\n".join(parts) for parts in product(_OPENINGS_EN, _BODIES_EN, _CLOSINGS_EN)),
)
_NAMES = ("Camille Perret", "HUGO WAGNER", "Linh Ngo", "Priya Iyer")
_CONTACTS = paged(
    "moi@example.org|06 39 98 12 34|38000 Grenoble",
    "Tél. : +33 6 39 98 12 34 – moi@example.org – linkedin.com/in/x",
    "moi@example.org",
)
_CV_BODIES = paged(
    "EXPÉRIENCES PROFESSIONNELLES|Depuis 2021 : cheffe de projet, Studio Mille-Feuille|Refonte de trois guichets|2017-2021 : "
    "chargée de clientèle, Opale|FORMATION|2016 : master, université de Nantes|COMPÉTENCES|Excel, Notion",
    "Profil|Je cherche une équipe où je peux apprendre. Mon parcours mêle ateliers et terrain.|Expérience|mars 2020 – aujourd'hui|"
    "Technicien, CHU de Brabois|Formation|2019 BTS SIO|Diplôme national du brevet, 2015|Langues|Anglais B2",
    "C O M P É T E N C E S|Droit de la commande publique|E X P É R I E N C E|Juriste, Béryl Conseil (2018 - 2026)|Stagiaire, "
    "tribunal (2017)|F O R M A T I O N|Master 2 Contrats publics, 2017",
    "Diplômes et formations|2024 – BUT Informatique, IUT de Vannes|2021 – Baccalauréat|Stages|2023 – Stagiaire développeur, Vigie|"
    "Attestation de secourisme, 2022|Loisirs|escalade",
    "Work Experience|Operations Coordinator, Tamarind Foods, 2019 – present|Office Manager, Fernhill, 2015–2019|Education|BA "
    "History, Durham University, 2014|Skills|Xero, Excel",
    "Summary|I build small tools. My last three teams shipped weekly.|Employment History|Senior Engineer at Cobalt Pay (Jan 2020 - "
    "Present)|Developer at Marrow Labs (2016 - 2019)|Education|BSc Computer Science, 2016|Certificates|Certificate of Completion, "
    "Machine Learning, 2023|References|Available on request",
)
_FREE_CVS = paged(
    "Anouk Baptiste|anouk@example.net||Ce que je sais faire|Animer un atelier, écrire clair, compter juste||Là où j'ai travaillé|"
    "Vigie Énergies, 2021-2026, chargée de projet|Opale Santé, 2017-2021, assistante|La Poste, 2014-2017, guichetière||Ce que j'ai "
    "étudié|Licence AES, Rennes, 2014",
    "Mathurin Roux|Administrateur systèmes|Lyon – 06 39 98 55 44 – m.roux@example.org|2022-2026 Administrateur, CHU|Gestion de 300 "
    "serveurs|2018-2022 Technicien, Lycée|2016-2018 BTS SIO|Linux, Ansible, Proxmox|Anglais technique",
    "PRIYA IYER|Data Analyst|WORK|Oakmere Bank|Analyst|2021 to now|Dashboards, forecasts|STUDIES|Warwick, MSc, 2020|TOOLS|R, dbt",
    "Objet : CV de Paul Henri|CURRICULUM VITAE|Nom : Henri|Prénom : Paul|Expérience professionnelle|1998-2010 : agent de maîtrise|"
    "2010-2026 : chef d'atelier|Divers|Permis B",
    "Madame, Monsieur,|Veuillez trouver ci-dessous ma candidature et mon CV. Je reste à votre disposition.|Cordialement||Camille "
    "Perret|Expérience professionnelle|2019-2026 Cheffe de projet, Lumio|2015-2019 Assistante, Opale|Formation|2015 Master, Nantes|"
    "Compétences|Notion",
    "Portfolio : zoe.example.net|Zoé Ben Salah|Designer|Expériences|2020-2026 Designer, Studio Mille-Feuille|2018-2020 Graphiste, "
    "Tournesol|Formation|2018 DNMADE|Projets|Affiche du festival",
    "Didier Maréchal|Responsable de programme|didier@example.net – +33 6 39 98 22 10||PARCOURS|2015 – auj. Caisse des dépôts – "
    "Responsable de programme|2008 – 2015 Institut Garonne – Chef de projet|1999 – 2008 Sopalia – Ingénieur|ÉTUDES|1998 ENSEEIHT",
    "Ewa Novak – ewa@example.org|ABOUT|Backend engineer who likes queues.|WORK EXPERIENCE|Fjordline — Backend Engineer — 2022–|"
    "OpenTransit — Developer — 2019–2022|EDUCATION|AGH, 2019|PORTFOLIO|github.com/ewa",
    "CV|Kamel Boyer|Agent d'accueil|Emplois|Mairie de Nancy 2020 à 2026|Hôtel du Parc 2017 à 2020|Diplômes|Bac pro 2016",
    "Rachida Pfister|Juriste|Compétences : RGPD, contrats|2019 à ce jour : Juriste, Béryl Conseil, Nancy|Rédaction de contrats|"
    "2017-2019 : Assistante juridique, cabinet Roux|Formation : Master 2 Droit du numérique, 2017|r.pfister@example.org",
    "Dear reader, thanks for opening my CV.||Harriet Ashworth|Experience|2021-2026 Interaction designer, Quill|2018-2021 Graphic "
    "designer, Harbour & Stone|Education|2018 BA Graphic Communication|Skills|Figma",
    "Mamadou Traoré|Chauffeur livreur|06 39 98 77 10|Expériences|2021-2026 Livreur, Kermarrec|2018-2021 Manutentionnaire|Permis B, C",
    "Lars Lindqvist — Site Reliability Engineer|lars@example.net||Selected experience|Tidewater, 2020 - today. Ran the platform.|"
    "Marrow Labs, 2016 - 2020. Built it.||Education|MSc, Gothenburg 2016",
    "Curriculum Vitae|Dr Nadia Petrov|Academic appointments|Lecturer, York, 2019-|Research fellow, Leeds, 2015-2019|Publications|"
    "Petrov N. (2021) On queues.|Petrov N. (2018) On waiting.",
    "SÉVERINE BLANC|Assistante de direction – 15 ans d'expérience|sev@example.org|COMPÉTENCES|Outlook, Excel|EXPÉRIENCES PRO|"
    "Depuis 2016 Institut Garonne|2011-2016 Béryl|FORMATION|BTS 2010|Je suis organisée et je parle anglais.",
    "Zoé Poirier|Étudiante|Formation|2025-2027 Master data|2022-2025 Licence|Jobs étudiants|Été 2024 vendeuse|Été 2023 animatrice|"
    "Bénévolat|Banque alimentaire",
    "Ariane Dujardin|Designer de services|ariane@example.net – 06 39 98 00 22|Expérience professionnelle|2021-2026 Designer, DINUM|"
    "2017-2021 UX designer, Lumio|Formation|DSAA, École Boulle, 2017|Outils|Figma",
    "Thomas Eze|Product Manager|thomas@example.com|Experience|Head of Product, Tern, 2022 – Present|Product Manager, Oakmere, 2018 "
    "– 2022|Education|MBA, INSEAD 2018|Languages|English, French",
    "Ghislaine BOYER|Secrétaire médicale|Expérience :|2010 - 2026 : CHU de Brabois|2005 - 2010 : Cabinet Roux|Formation :|2005 : "
    "BEP secrétariat|Loisirs : couture",
)
CVS = (*_FREE_CVS, *("\n".join(parts) for parts in product(_NAMES, _CONTACTS, _CV_BODIES)))
PAPERS = {"cv": CVS, "cover_letter": LETTERS, "certificate": CERTIFICATES, "portfolio": PORTFOLIOS, "other": OTHERS}
