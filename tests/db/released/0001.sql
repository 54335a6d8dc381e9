BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE charges (
	id VARCHAR(16) NOT NULL, 
	user_id BIGINT, 
	kind VARCHAR(24) NOT NULL, 
	amount INTEGER NOT NULL, 
	usd BIGINT NOT NULL, 
	request_id VARCHAR(100), 
	real_usd BIGINT, 
	released_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_charges PRIMARY KEY (id), 
	CONSTRAINT ck_charges_amount_positive CHECK (amount > 0), 
	CONSTRAINT ck_charges_usd_not_negative CHECK (usd >= 0), 
	CONSTRAINT ck_charges_kind CHECK (kind IN ('training', 'image'))
);
INSERT INTO "charges" VALUES('t-completed-0001',1001,'training',1,2000001,'req-completed',1999999,NULL,'2026-11-23 09:40:00.123456');
INSERT INTO "charges" VALUES('t-failed-000002',1001,'training',1,2000000,NULL,NULL,'2026-11-23 10:22:00.123456','2026-11-23 09:41:00.123456');
INSERT INTO "charges" VALUES('g-made-00000001',NULL,'image',2,70000,'req-made',NULL,NULL,'2026-11-23 10:40:00.123456');
CREATE TABLE dialogue_states (
	"key" VARCHAR(200) NOT NULL, 
	state VARCHAR(100), 
	data JSON NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_dialogue_states PRIMARY KEY ("key")
);
INSERT INTO "dialogue_states" VALUES('7000000001:1001:1001','Train:photos','{"training_id": "t-draft-0000003", "\u0448\u0430\u0433": 3}','2026-11-23 11:06:00.123456');
CREATE TABLE generations (
	id VARCHAR(16) NOT NULL, 
	user_id BIGINT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	model_id VARCHAR(16) NOT NULL, 
	origin VARCHAR(64) NOT NULL, 
	prompt TEXT NOT NULL, 
	purpose VARCHAR(24) NOT NULL, 
	shape VARCHAR(24) NOT NULL, 
	picture_count INTEGER NOT NULL, 
	lora_scale DOUBLE NOT NULL, 
	price_usd BIGINT, 
	state VARCHAR(24) NOT NULL, 
	status_message_id BIGINT, 
	submit_started_at DATETIME, 
	request_id VARCHAR(100), 
	status_url TEXT, 
	response_url TEXT, 
	cancel_url TEXT, 
	queue_position INTEGER, 
	seed BIGINT NOT NULL, 
	failure VARCHAR(24), 
	failure_detail TEXT, 
	announced_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_generations PRIMARY KEY (id), 
	CONSTRAINT ck_generations_reason_when_failed CHECK (state <> 'failed' OR failure IS NOT NULL), 
	CONSTRAINT ck_generations_lora_scale_range CHECK (lora_scale BETWEEN 0 AND 4), 
	CONSTRAINT ck_generations_picture_count_range CHECK (picture_count BETWEEN 1 AND 4), 
	CONSTRAINT fk_generations_model_id FOREIGN KEY(model_id) REFERENCES models (id) ON DELETE CASCADE, 
	CONSTRAINT fk_generations_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_generations_user_id_origin UNIQUE (user_id, origin), 
	CONSTRAINT ck_generations_purpose CHECK (purpose IN ('asked', 'preview')), 
	CONSTRAINT ck_generations_shape CHECK (shape IN ('1:1', '3:4', '9:16', '4:3', '16:9')), 
	CONSTRAINT ck_generations_state CHECK (state IN ('accepted', 'submitting', 'unconfirmed', 'queued', 'running', 'made', 'failed')), 
	CONSTRAINT ck_generations_failure CHECK (failure IN ('photos_rejected', 'photos_missing', 'prompt_rejected', 'lora_unreachable', 'trainer_failed', 'generator_failed', 'service_account', 'submit_unknown', 'result_lost', 'unsafe_picture', 'deadline'))
);
INSERT INTO "generations" VALUES('g-made-00000001',1001,1001,'m-000001','message:1001:70','a portrait; it''s -- raining','asked','16:9',2,0.5,70000,'made',NULL,'2026-11-23 10:41:00.123456','req-made','https://queue.fal.run/fal-ai/flux-lora/requests/req-made/status','https://queue.fal.run/fal-ai/flux-lora/requests/req-made','https://queue.fal.run/fal-ai/flux-lora/requests/req-made/cancel',NULL,1234567890123,NULL,NULL,'2026-11-23 10:42:00.123456','2026-11-23 10:40:00.123456','2026-11-23 10:41:00.123456');
INSERT INTO "generations" VALUES('g-preview-00002',1001,1001,'m-000001','message:1001:71','a portrait; it''s -- raining','preview','16:9',2,0.5,NULL,'made',NULL,'2026-11-23 10:41:00.123456','req-preview','https://queue.fal.run/fal-ai/flux-lora/requests/req-preview/status','https://queue.fal.run/fal-ai/flux-lora/requests/req-preview','https://queue.fal.run/fal-ai/flux-lora/requests/req-preview/cancel',NULL,1234567890123,NULL,NULL,'2026-11-23 10:43:00.123456','2026-11-23 10:41:00.123456','2026-11-23 10:42:00.123456');
INSERT INTO "generations" VALUES('g-failed-000003',1001,1001,'m-000001','message:1001:72','a portrait; it''s -- raining','asked','16:9',2,0.5,70000,'failed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,1234567890123,'unsafe_picture','nsfw','2026-11-23 10:44:00.123456','2026-11-23 10:42:00.123456','2026-11-23 10:43:00.123456');
INSERT INTO "generations" VALUES('g-accepted-0004',1001,1001,'m-000001','message:1001:73','a portrait; it''s -- raining','asked','16:9',2,0.5,70000,'accepted',88,NULL,NULL,NULL,NULL,NULL,NULL,1234567890123,NULL,NULL,NULL,'2026-11-23 10:43:00.123456','2026-11-23 10:44:00.123456');
INSERT INTO "generations" VALUES('g-submitting-05',1001,1001,'m-000001','message:1001:74','a portrait; it''s -- raining','asked','16:9',2,0.5,70000,'submitting',89,'2026-11-23 10:45:00.123456',NULL,NULL,NULL,NULL,NULL,1234567890123,NULL,NULL,NULL,'2026-11-23 10:44:00.123456','2026-11-23 10:45:00.123456');
INSERT INTO "generations" VALUES('g-unconfirmed-6',1001,1001,'m-000001','message:1001:75','a portrait; it''s -- raining','asked','16:9',2,0.5,70000,'unconfirmed',90,'2026-11-23 10:46:00.123456',NULL,NULL,NULL,NULL,NULL,1234567890123,NULL,NULL,NULL,'2026-11-23 10:45:00.123456','2026-11-23 10:46:00.123456');
INSERT INTO "generations" VALUES('g-queued-000007',1001,1001,'m-000001','message:1001:76','a portrait; it''s -- raining','asked','16:9',2,0.5,70000,'queued',91,'2026-11-23 10:41:00.123456','req-gq','https://queue.fal.run/fal-ai/flux-lora/requests/req-gq/status','https://queue.fal.run/fal-ai/flux-lora/requests/req-gq','https://queue.fal.run/fal-ai/flux-lora/requests/req-gq/cancel',1,1234567890123,NULL,NULL,NULL,'2026-11-23 10:46:00.123456','2026-11-23 10:47:00.123456');
INSERT INTO "generations" VALUES('g-running-00008',1001,1001,'m-000001','message:1001:77','a portrait; it''s -- raining','asked','16:9',2,0.5,70000,'running',92,'2026-11-23 10:41:00.123456','req-gr','https://queue.fal.run/fal-ai/flux-lora/requests/req-gr/status','https://queue.fal.run/fal-ai/flux-lora/requests/req-gr','https://queue.fal.run/fal-ai/flux-lora/requests/req-gr/cancel',NULL,1234567890123,NULL,NULL,NULL,'2026-11-23 10:47:00.123456','2026-11-23 10:48:00.123456');
CREATE TABLE models (
	id VARCHAR(16) NOT NULL, 
	user_id BIGINT NOT NULL, 
	training_id VARCHAR(16) NOT NULL, 
	name VARCHAR(40) NOT NULL, 
	trigger_word VARCHAR(48) NOT NULL, 
	subject VARCHAR(24) NOT NULL, 
	trainer VARCHAR(100) NOT NULL, 
	generator VARCHAR(100) NOT NULL, 
	lora_url TEXT NOT NULL, 
	cover_file_id TEXT, 
	active BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_models PRIMARY KEY (id), 
	CONSTRAINT fk_models_training_id FOREIGN KEY(training_id) REFERENCES trainings (id) ON DELETE CASCADE, 
	CONSTRAINT fk_models_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_models_training_id UNIQUE (training_id), 
	CONSTRAINT uq_models_trigger_word UNIQUE (trigger_word), 
	CONSTRAINT ck_models_subject CHECK (subject IN ('woman', 'man', 'person'))
);
INSERT INTO "models" VALUES('m-000001',1001,'t-completed-0001','My Portrait 2025','MY_PORTRAIT_2025_A3F2','woman','fal-ai/flux-lora-fast-training','fal-ai/flux-lora','https://v3.fal.media/files/b/lora.safetensors','cover',1,'2026-11-23 10:20:00.123456');
CREATE TABLE notices (
	name VARCHAR(40) NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_notices PRIMARY KEY (name)
);
INSERT INTO "notices" VALUES('fal_account','2026-11-23 11:05:00.123456');
CREATE TABLE photos (
	id INTEGER NOT NULL, 
	training_id VARCHAR(16) NOT NULL, 
	number INTEGER NOT NULL, 
	message_id BIGINT NOT NULL, 
	file_id TEXT NOT NULL, 
	file_unique_id VARCHAR(64) NOT NULL, 
	thumbnail_file_id TEXT, 
	label VARCHAR(64), 
	state VARCHAR(24) NOT NULL, 
	refusal VARCHAR(32), 
	refusal_params JSON NOT NULL, 
	repeats INTEGER NOT NULL, 
	sha256 VARCHAR(64), 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_photos PRIMARY KEY (id), 
	CONSTRAINT ck_photos_hash_when_accepted CHECK (state <> 'accepted' OR sha256 IS NOT NULL), 
	CONSTRAINT ck_photos_reason_when_refused CHECK (state <> 'refused' OR refusal IS NOT NULL), 
	CONSTRAINT fk_photos_training_id FOREIGN KEY(training_id) REFERENCES trainings (id) ON DELETE CASCADE, 
	CONSTRAINT uq_photos_training_id_file_unique_id UNIQUE (training_id, file_unique_id), 
	CONSTRAINT uq_photos_training_id_number UNIQUE (training_id, number), 
	CONSTRAINT ck_photos_state CHECK (state IN ('pending', 'accepted', 'refused'))
);
INSERT INTO "photos" VALUES(1,'t-completed-0001',1,61,'file-t-completed-0001-1','unique-t-completed-0001-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(2,'t-completed-0001',2,62,'file-t-completed-0001-2','unique-t-completed-0001-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(3,'t-failed-000002',1,61,'file-t-failed-000002-1','unique-t-failed-000002-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(4,'t-failed-000002',2,62,'file-t-failed-000002-2','unique-t-failed-000002-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(5,'t-preparing-004',1,61,'file-t-preparing-004-1','unique-t-preparing-004-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(6,'t-preparing-004',2,62,'file-t-preparing-004-2','unique-t-preparing-004-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(7,'t-uploading-005',1,61,'file-t-uploading-005-1','unique-t-uploading-005-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(8,'t-uploading-005',2,62,'file-t-uploading-005-2','unique-t-uploading-005-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(9,'t-submitting-06',1,61,'file-t-submitting-06-1','unique-t-submitting-06-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(10,'t-submitting-06',2,62,'file-t-submitting-06-2','unique-t-submitting-06-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(11,'t-unconfirmed-7',1,61,'file-t-unconfirmed-7-1','unique-t-unconfirmed-7-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(12,'t-unconfirmed-7',2,62,'file-t-unconfirmed-7-2','unique-t-unconfirmed-7-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(13,'t-queued-000008',1,61,'file-t-queued-000008-1','unique-t-queued-000008-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(14,'t-queued-000008',2,62,'file-t-queued-000008-2','unique-t-queued-000008-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(15,'t-training-0009',1,61,'file-t-training-0009-1','unique-t-training-0009-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(16,'t-training-0009',2,62,'file-t-training-0009-2','unique-t-training-0009-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(17,'t-cancelled-010',1,61,'file-t-cancelled-010-1','unique-t-cancelled-010-1','thumb','IMG_0001.jpg','accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(18,'t-cancelled-010',2,62,'file-t-cancelled-010-2','unique-t-cancelled-010-2',NULL,NULL,'accepted',NULL,'{}',0,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2','2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(19,'t-draft-0000003',1,61,'file-t-draft-0000003-1','unique-t-draft-0000003-1',NULL,NULL,'accepted',NULL,'{}',2,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','2026-11-23 09:52:00.123456');
INSERT INTO "photos" VALUES(20,'t-draft-0000003',2,62,'file-t-draft-0000003-2','unique-t-draft-0000003-2',NULL,NULL,'refused','too_small','{"side": 512, "\u0438\u043c\u044f": "a''b"}',0,NULL,'2026-11-23 09:53:00.123456');
INSERT INTO "photos" VALUES(21,'t-draft-0000003',3,63,'file-t-draft-0000003-3','unique-t-draft-0000003-3',NULL,NULL,'pending',NULL,'{}',0,NULL,'2026-11-23 09:54:00.123456');
CREATE TABLE pictures (
	id VARCHAR(16) NOT NULL, 
	generation_id VARCHAR(16) NOT NULL, 
	position INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	width INTEGER, 
	height INTEGER, 
	is_flagged BOOLEAN NOT NULL, 
	photo_file_id TEXT, 
	document_file_id TEXT, 
	is_favourite BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (id), 
	CONSTRAINT fk_pictures_generation_id FOREIGN KEY(generation_id) REFERENCES generations (id) ON DELETE CASCADE, 
	CONSTRAINT uq_pictures_generation_id_position UNIQUE (generation_id, position)
);
INSERT INTO "pictures" VALUES('p-000000','g-made-00000001',0,'https://v3.fal.media/files/b/0.jpg',1024,768,0,'p1','d1',1,'2026-11-23 10:50:00.123456');
INSERT INTO "pictures" VALUES('p-000001','g-made-00000001',1,'https://v3.fal.media/files/b/1.jpg',1024,768,1,NULL,NULL,0,'2026-11-23 10:51:00.123456');
INSERT INTO "pictures" VALUES('p-000002','g-preview-00002',0,'https://v3.fal.media/files/b/2.jpg',1024,768,0,'p3',NULL,0,'2026-11-23 10:52:00.123456');
INSERT INTO "pictures" VALUES('p-000009','g-preview-00002',5,'https://v3.fal.media/files/b/9.jpg',NULL,NULL,0,NULL,NULL,0,'2026-11-23 10:59:00.123456');
CREATE TABLE searches (
	id VARCHAR(16) NOT NULL, 
	user_id BIGINT NOT NULL, 
	words TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_searches PRIMARY KEY (id), 
	CONSTRAINT fk_searches_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_searches_user_id_words UNIQUE (user_id, words)
);
INSERT INTO "searches" VALUES('s-1',1001,'дождь ночь','2026-11-23 11:00:00.123456');
CREATE TABLE trainings (
	id VARCHAR(16) NOT NULL, 
	user_id BIGINT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	consent_at DATETIME NOT NULL, 
	consent_version VARCHAR(16) NOT NULL, 
	name VARCHAR(40), 
	trigger_word VARCHAR(48), 
	subject VARCHAR(24), 
	mode VARCHAR(24), 
	retry_of VARCHAR(16), 
	trainer VARCHAR(100) NOT NULL, 
	steps INTEGER, 
	price_usd BIGINT, 
	reminded_at DATETIME, 
	photos_numbered INTEGER NOT NULL, 
	counter_message_id BIGINT, 
	progress_message_id BIGINT, 
	prepared_photos INTEGER NOT NULL, 
	archive_url TEXT, 
	submit_started_at DATETIME, 
	request_id VARCHAR(100), 
	status_url TEXT, 
	response_url TEXT, 
	cancel_url TEXT, 
	queue_position INTEGER, 
	percent INTEGER NOT NULL, 
	training_started_at DATETIME, 
	cancel_requested_at DATETIME, 
	cancel_sent_at DATETIME, 
	lora_url TEXT, 
	config_url TEXT, 
	failure VARCHAR(24), 
	failure_detail TEXT, 
	finished_at DATETIME, 
	announced_at DATETIME, 
	is_settled BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_trainings PRIMARY KEY (id), 
	CONSTRAINT ck_trainings_lora_when_completed CHECK (state <> 'completed' OR (lora_url IS NOT NULL AND request_id IS NOT NULL)), 
	CONSTRAINT ck_trainings_reason_when_failed CHECK (state <> 'failed' OR failure IS NOT NULL), 
	CONSTRAINT ck_trainings_complete_when_started CHECK (state = 'draft' OR (name IS NOT NULL AND trigger_word IS NOT NULL AND subject IS NOT NULL AND mode IS NOT NULL AND steps IS NOT NULL)), 
	CONSTRAINT ck_trainings_percent_range CHECK (percent BETWEEN 0 AND 100), 
	CONSTRAINT ck_trainings_steps_positive CHECK (steps IS NULL OR steps > 0), 
	CONSTRAINT fk_trainings_retry_of FOREIGN KEY(retry_of) REFERENCES trainings (id) ON DELETE SET NULL, 
	CONSTRAINT fk_trainings_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_trainings_retry_of UNIQUE (retry_of), 
	CONSTRAINT uq_trainings_trigger_word UNIQUE (trigger_word), 
	CONSTRAINT ck_trainings_state CHECK (state IN ('draft', 'preparing', 'uploading', 'submitting', 'unconfirmed', 'queued', 'training', 'completed', 'failed', 'cancelled')), 
	CONSTRAINT ck_trainings_subject CHECK (subject IN ('woman', 'man', 'person')), 
	CONSTRAINT ck_trainings_mode CHECK (mode IN ('economy', 'standard')), 
	CONSTRAINT ck_trainings_failure CHECK (failure IN ('photos_rejected', 'photos_missing', 'prompt_rejected', 'lora_unreachable', 'trainer_failed', 'generator_failed', 'service_account', 'submit_unknown', 'result_lost', 'unsafe_picture', 'deadline'))
);
INSERT INTO "trainings" VALUES('t-completed-0001',1001,1001,'completed','2026-11-23 09:40:00.123456','1','My Portrait 2025','MY_PORTRAIT_2025_0001','woman','economy',NULL,'fal-ai/flux-lora-fast-training',500,2000001,NULL,2,60,61,2,'https://v3.fal.media/files/b/photos.zip','2026-11-23 10:10:00.123456','req-completed','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-completed/status','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-completed','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-completed/cancel',NULL,100,'2026-11-23 10:15:00.123456',NULL,NULL,'https://v3.fal.media/files/b/lora.safetensors','https://v3.fal.media/files/b/config.json',NULL,NULL,'2026-11-23 10:20:00.123456','2026-11-23 10:21:00.123456',1,'2026-11-23 09:40:00.123456','2026-11-23 09:41:00.123456');
INSERT INTO "trainings" VALUES('t-failed-000002',1001,1001,'failed','2026-11-23 09:41:00.123456','1','Анна','АННА_0002','person','economy',NULL,'fal-ai/flux-lora-fast-training',500,2000001,NULL,2,61,62,2,'https://v3.fal.media/files/b/photos.zip','2026-11-23 10:10:00.123456','req-failed','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-failed/status','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-failed','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-failed/cancel',NULL,0,NULL,NULL,NULL,NULL,NULL,'trainer_failed','the trainer said no','2026-11-23 10:22:00.123456','2026-11-23 10:23:00.123456',1,'2026-11-23 09:41:00.123456','2026-11-23 09:42:00.123456');
INSERT INTO "trainings" VALUES('t-draft-0000003',1001,1001,'draft','2026-11-23 09:42:00.123456','1','Half a draft','HALF_A_DRAFT_0003',NULL,NULL,NULL,'fal-ai/flux-lora-fast-training',NULL,NULL,'2026-11-23 10:30:00.123456',3,77,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:42:00.123456','2026-11-23 09:43:00.123456');
INSERT INTO "trainings" VALUES('t-preparing-004',2002,2002,'preparing','2026-11-23 09:43:00.123456','1','Preparing','PREPARING_-004','woman','economy',NULL,'fal-ai/flux-lora-fast-training',500,2000001,NULL,2,63,64,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:43:00.123456','2026-11-23 09:44:00.123456');
INSERT INTO "trainings" VALUES('t-uploading-005',2002,2002,'uploading','2026-11-23 09:44:00.123456','1','Uploading','UPLOADING_-005','woman','economy',NULL,'fal-ai/flux-lora-fast-training',500,2000001,NULL,2,64,65,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:44:00.123456','2026-11-23 09:45:00.123456');
INSERT INTO "trainings" VALUES('t-submitting-06',2002,2002,'submitting','2026-11-23 09:45:00.123456','1','Submitting','SUBMITTING_G-06','woman','economy',NULL,'fal-ai/flux-lora-fast-training',500,2000001,NULL,2,65,66,0,'https://v3.fal.media/files/b/photos.zip','2026-11-23 10:10:00.123456',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:45:00.123456','2026-11-23 09:46:00.123456');
INSERT INTO "trainings" VALUES('t-unconfirmed-7',2002,2002,'unconfirmed','2026-11-23 09:46:00.123456','1','Unconfirmed','UNCONFIRMED_ED-7','woman','economy',NULL,'fal-ai/flux-lora-fast-training',500,2000001,NULL,2,66,67,0,'https://v3.fal.media/files/b/photos.zip','2026-11-23 10:10:00.123456',NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-23 10:11:00.123456',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:46:00.123456','2026-11-23 09:47:00.123456');
INSERT INTO "trainings" VALUES('t-queued-000008',2002,2002,'queued','2026-11-23 09:47:00.123456','1','Queued','QUEUED_0008','woman','economy',NULL,'fal-ai/flux-lora-fast-training',500,2000001,NULL,2,67,68,2,'https://v3.fal.media/files/b/photos.zip','2026-11-23 10:10:00.123456','req-queued','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-queued/status','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-queued','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-queued/cancel',3,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:47:00.123456','2026-11-23 09:48:00.123456');
INSERT INTO "trainings" VALUES('t-training-0009',2002,2002,'training','2026-11-23 09:48:00.123456','1','Training','TRAINING_0009','woman','standard',NULL,'fal-ai/flux-lora-fast-training',1000,2000001,NULL,2,68,69,2,'https://v3.fal.media/files/b/photos.zip','2026-11-23 10:10:00.123456','req-training','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-training/status','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-training','https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/req-training/cancel',NULL,42,'2026-11-23 10:15:00.123456','2026-11-23 10:16:00.123456','2026-11-23 10:17:00.123456',NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:48:00.123456','2026-11-23 09:49:00.123456');
INSERT INTO "trainings" VALUES('t-draft-0000011',5000000003,5000000003,'draft','2026-11-23 09:50:00.123456','1',NULL,NULL,NULL,NULL,NULL,'fal-ai/flux-lora-fast-training',NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'2026-11-23 09:50:00.123456','2026-11-23 09:51:00.123456');
INSERT INTO "trainings" VALUES('t-cancelled-010',1001,1001,'cancelled','2026-11-23 09:49:00.123456','1','Cancelled','CANCELLED_-010','woman','economy','t-failed-000002','fal-ai/flux-lora-fast-training',500,2000001,NULL,2,69,70,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'2026-11-23 10:16:00.123456',NULL,NULL,NULL,NULL,NULL,'2026-11-23 10:24:00.123456',NULL,0,'2026-11-23 09:49:00.123456','2026-11-23 09:50:00.123456');
CREATE TABLE users (
	id BIGINT NOT NULL, 
	language VARCHAR(24) NOT NULL, 
	language_chosen BOOLEAN NOT NULL, 
	unreachable_since DATETIME, 
	shape VARCHAR(24) NOT NULL, 
	picture_count INTEGER NOT NULL, 
	lora_scale DOUBLE NOT NULL, 
	kept_seed BIGINT, 
	wants_preview BOOLEAN NOT NULL, 
	wants_reminders BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_users PRIMARY KEY (id), 
	CONSTRAINT ck_users_lora_scale_range CHECK (lora_scale BETWEEN 0 AND 4), 
	CONSTRAINT ck_users_picture_count_range CHECK (picture_count BETWEEN 1 AND 4), 
	CONSTRAINT ck_users_language CHECK (language IN ('en', 'ru')), 
	CONSTRAINT ck_users_shape CHECK (shape IN ('1:1', '3:4', '9:16', '4:3', '16:9'))
);
INSERT INTO "users" VALUES(1001,'ru',1,NULL,'9:16',3,0.85,9007199254740993,0,1,'2026-11-23 09:30:00.123456');
INSERT INTO "users" VALUES(2002,'en',0,'2026-11-23 14:30:00.123456','3:4',1,1.0,NULL,1,0,'2026-11-23 09:31:00.123456');
INSERT INTO "users" VALUES(5000000003,'en',0,NULL,'3:4',1,1.0,NULL,1,1,'2026-11-23 09:32:00.123456');
CREATE INDEX ix_charges_created_at ON charges (created_at);
CREATE INDEX ix_charges_user_id_kind_created_at ON charges (user_id, kind, created_at);
CREATE INDEX ix_trainings_state ON trainings (state);
CREATE INDEX ix_trainings_user_id ON trainings (user_id);
CREATE UNIQUE INDEX uq_trainings_one_draft ON trainings (user_id) WHERE state = 'draft';
CREATE INDEX ix_models_user_id ON models (user_id);
CREATE UNIQUE INDEX uq_models_one_active ON models (user_id) WHERE active;
CREATE INDEX ix_photos_training_id_message_id ON photos (training_id, message_id);
CREATE INDEX ix_generations_state ON generations (state);
CREATE INDEX ix_generations_user_id ON generations (user_id);
COMMIT;
